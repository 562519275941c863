using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs an app that needs services and nothing else.</summary>
public static class FunctionsWorkerHost
{
    public static void RunDefault(Action<IServiceCollection>? configureServices = null) => Build(configureServices).Run();

    public static Task RunDefaultAsync(Action<IServiceCollection>? configureService = null) => Build(configureService).RunAsync();

    private static IHost Build(Action<IServiceCollection>? configure)
    {
        var builder = FunctionsApplication.CreateBuilder(Environment.GetCommandLineArgs()[1..]);
        configure?.Invoke(builder.Services);
        return builder.Build();
    }
}
