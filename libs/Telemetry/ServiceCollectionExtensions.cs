using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Serverless.Telemetry;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds <see cref="PrometheusText"/>, and export by OTLP where the options ask for it.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, Action<TelemetryOptions>? configure = null)
    {
        TelemetryOptions options = new();
        configure?.Invoke(options);
        if (options.MaxSeries < 1)
        {
            throw new ArgumentException($"Telemetry:MaxSeries is {options.MaxSeries}; allowed is 1 or more.", nameof(configure));
        }
        services.TryAddSingleton(options);
        services.TryAddSingleton<PrometheusText>();
        services.AddSingleton<IHostedService>(s =>
        {
            s.GetRequiredService<PrometheusText>(); // listens from the start
            return new OtlpExport(options);
        });
        return services;
    }
}
