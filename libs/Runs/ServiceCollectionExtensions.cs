using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Runs;

public static class ServiceCollectionExtensions
{
    private const string Main = "azure";

    /// <summary>
    /// Adds <see cref="RunRecorder"/>, which runs with the host, on the store "azure" or else the first, and <see cref="RunIndex"/>,
    /// <see cref="PurgedRuns"/>, <see cref="WorkRecorder"/> and <see cref="RunKeeping"/> on all stores.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddRunIndex(this IServiceCollection services, Action<RunIndexOptions>? configure = null)
    {
        RunIndexOptions options = services.AddRecorder(Main, configure);
        services.TryAddSingleton(s => new RunIndex(StoresOf(s, Main), options, TimeOf(s), s.GetRequiredService<ILogger<RunIndex>>()));
        services.TryAddSingleton<PurgedRuns>();
        services.TryAddSingleton<WorkRecorder>();
        services.TryAddSingleton(s => new RunKeeping(StoresOf(s, Main), options, TimeOf(s), s.GetRequiredService<ILogger<RunKeeping>>()));
        return services;
    }

    /// <summary>
    /// Adds <see cref="WorkRecorder"/> for a process that does work and lists none, with a <see cref="RunRecorder"/> that runs with the
    /// host.
    /// </summary>
    /// <param name="store">Where it writes; the first store where there is none of this name.</param>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddWorkRecorder(
        this IServiceCollection services,
        string store,
        Action<RunIndexOptions>? configure = null
    )
    {
        services.AddRecorder(store, configure);
        services.TryAddSingleton<WorkRecorder>();
        return services;
    }

    private static RunIndexOptions AddRecorder(this IServiceCollection services, string store, Action<RunIndexOptions>? configure)
    {
        RunIndexOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Runs", options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new RunRecorder(
            StoresOf(s, store)[0],
            options,
            TimeOf(s),
            s.GetRequiredService<ILogger<RunRecorder>>()
        ));
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<RunRecorder>());
        return options;
    }

    private static TimeProvider TimeOf(IServiceProvider services) => services.GetRequiredService<TimeProvider>();

    /// <summary>The one of this name before the others.</summary>
    private static IObjectStore[] StoresOf(IServiceProvider services, string first) =>
        [.. services.GetServices<IObjectStore>().OrderBy(store => store.Name == first ? 0 : 1)];
}
