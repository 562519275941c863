using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace Serverless.Telemetry;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds <see cref="MetricsAnswer"/>, and export by OTLP where the options ask for it.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, Action<TelemetryOptions>? configure = null)
    {
        TelemetryOptions options = new();
        configure?.Invoke(options);
        if (options.MaxSeries < 1)
        {
            throw new ArgumentException($"Telemetry:MaxSeries is {options.MaxSeries}; allowed is 1 or more.", nameof(configure));
        }
        services.TryAddSingleton(options);
        services.TryAddSingleton(_ => MetricsCollection.Start(options));
        services.TryAddSingleton(s => new MetricsAnswer(s.GetRequiredService<MeterProvider>(), s));
        return services.AddSingleton<IHostedService>(s => new OtlpExport(options, s.GetRequiredService<MeterProvider>()));
    }
}
