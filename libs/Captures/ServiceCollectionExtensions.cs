using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Captures.Reports;
using Serverless.Storage;

namespace Serverless.Captures;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="CaptureWriter"/>, which runs with the host, <see cref="CaptureReader"/> and <see cref="PredictionSeals"/>, on the
    /// store "azure" or else the first.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddCaptures(this IServiceCollection services, Action<CaptureOptions>? configure = null)
    {
        CaptureOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Captures", options));
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new CaptureWriter(
            StoreOf(s),
            options,
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<CaptureWriter>>()
        ));
        services.TryAddSingleton(s => new CaptureReader(StoreOf(s), s.GetRequiredService<ILogger<CaptureReader>>()));
        services.TryAddSingleton(s => new PredictionSeals(
            StoreOf(s),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<PredictionSeals>>()
        ));
        services.TryAddSingleton<CaptureErasure>();
        services.TryAddSingleton<OutcomeIntake>();
        services.TryAddSingleton(s => new OutcomeFiles(
            StoreOf(s),
            s.GetRequiredService<OutcomeIntake>(),
            s.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton<CaptureMeter>();
        services.AddSingleton<IHostedService>(s =>
        {
            s.GetRequiredService<CaptureMeter>();
            return s.GetRequiredService<CaptureWriter>();
        });
        return services;
    }

    private static IObjectStore StoreOf(IServiceProvider services)
    {
        IObjectStore[] stores = [.. services.GetServices<IObjectStore>()];
        return stores.FirstOrDefault(store => store.Name == "azure") ?? stores[0];
    }
}
