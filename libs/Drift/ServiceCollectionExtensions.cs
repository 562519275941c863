using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Captures;
using Serverless.Drift.Checks;
using Serverless.Drift.Summaries;
using Serverless.Storage;

namespace Serverless.Drift;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds summaries of captures and checks for drift, on the Azure store and the captures that were added before.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddDrift(this IServiceCollection services, Action<DriftOptions>? configure = null)
    {
        DriftOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run([
            ("Drift", options),
            ("Drift:Limits", options.Limits),
            ("Drift:Shadow", options.Shadow),
            ("Drift:Retrain", options.Retrain),
            .. options.Models.Select(model => ($"Drift:Models:{model.Key}", (object)model.Value)),
        ]);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new HourSummaries(
            s.GetRequiredService<AzureObjectStore>(),
            s.GetRequiredService<CaptureReader>(),
            s.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton(s => new WindowReader(s.GetRequiredService<AzureObjectStore>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(s => new DriftStore(s.GetRequiredService<AzureObjectStore>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(s => new DriftCheck(
            s.GetRequiredService<DriftStore>(),
            s.GetRequiredService<WindowReader>(),
            options.Limits,
            s.GetRequiredService<TimeProvider>()
        ));
        return services;
    }
}
