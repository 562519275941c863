using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Http;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>The running app. What can be seen to fail before the start is checked first, so that it ends in one readable line.</summary>
internal sealed class EmbeddedHost(WebApplication app, HostSetup setup, IReadOnlyList<FunctionModel> functions) : IHost, IAsyncDisposable
{
    private DataFolder? _folder;

    public IServiceProvider Services => app.Services;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _folder = DataFolder.Take(setup.Options.DataDirectory);
        ListenAddresses.EnsureFree(setup.Urls);
        MapRoutes();
        await app.StartAsync(cancellationToken);
        Log.Found(app.Services.GetRequiredService<ILogger<EmbeddedHost>>(), functions.Count, string.Concat(functions.Select(Describe)));
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => app.StopAsync(cancellationToken);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult(); // IHost demands it; RunAsync takes the other

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        _folder?.Dispose();
    }

    private void MapRoutes()
    {
        app.Use(AnswerWrongMethodAsync);
        app.Services.GetRequiredService<AdminEndpoints>().Map(app);
        app.Services.GetRequiredService<FunctionEndpoints>().Map(app, functions, setup.HostFile.RoutePrefix);
    }

    /// <summary>To the official host a function with other methods does not exist: 404, where routing says 405.</summary>
    private static async Task AnswerWrongMethodAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.DisplayName == "405 HTTP Method Not Supported")
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        else
            await next(http);
    }

    private string Describe(FunctionModel function)
    {
        var line = $"{Environment.NewLine}  {function.Name}: ";
        return function.Trigger is HttpTriggerAttribute http
            ? $"{line}[{string.Join(',', http.Methods ?? [])}] {setup.Urls[0]}{FunctionEndpoints.RouteOf(function.Name, http, setup.HostFile.RoutePrefix)}"
            : line + function.Plan.Type;
    }
}
