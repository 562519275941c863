using Microsoft.AspNetCore.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Azure.Access;

namespace Serverless.Unit.Functions.Azure;

/// <summary>
/// HTTP functions on a free port in this process, with services that the test chooses. The whole app on its host is tried end to end.
/// </summary>
internal sealed class FunctionsApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FunctionsApp(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<FunctionsApp> StartAsync(
        IReadOnlyList<Type> functions,
        Action<IServiceCollection>? configure = null,
        Func<IServiceProvider, DurableTaskClient>? client = null
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        configure?.Invoke(builder.Services);
        builder.Services.TryAddSingleton(new AccessCheck(new AccessOptions()));
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapFunctions(functions, client?.Invoke(app.Services));
        await app.StartAsync();
        return new FunctionsApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
