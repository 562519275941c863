using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Runs;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="RunRecorder"/>, which runs with the host, <see cref="RunIndex"/> and <see cref="RunKeeping"/>, on the store "azure"
    /// or else the first.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddRunIndex(this IServiceCollection services, Action<RunIndexOptions>? configure = null)
    {
        RunIndexOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Runs", options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new RunRecorder(StoreOf(s), options, TimeOf(s), s.GetRequiredService<ILogger<RunRecorder>>()));
        services.TryAddSingleton(s => new RunIndex(StoreOf(s), options, TimeOf(s), s.GetRequiredService<ILogger<RunIndex>>()));
        services.TryAddSingleton(s => new RunKeeping(StoreOf(s), options, TimeOf(s), s.GetRequiredService<ILogger<RunKeeping>>()));
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<RunRecorder>());
        return services;
    }

    private static TimeProvider TimeOf(IServiceProvider services) => services.GetRequiredService<TimeProvider>();

    private static IObjectStore StoreOf(IServiceProvider services)
    {
        IObjectStore[] stores = [.. services.GetServices<IObjectStore>()];
        return stores.FirstOrDefault(store => store.Name == "azure") ?? stores[0];
    }
}
