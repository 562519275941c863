using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Serverless.Telemetry;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="MetricsAnswer"/> and <see cref="MetricsFlush"/>, and where the options ask for it an endpoint to scrape and export
    /// by OTLP.
    /// </summary>
    /// <param name="scrapedAt">Where a process that is no web server serves its metrics; whoever reaches the address may read them.</param>
    public static IServiceCollection AddTelemetry(
        this IServiceCollection services,
        Action<TelemetryOptions>? configure = null,
        IPEndPoint? scrapedAt = null
    )
    {
        TelemetryOptions options = new();
        configure?.Invoke(options);
        if (options.MaxSeries < 1)
        {
            throw new ArgumentException($"Telemetry:MaxSeries is {options.MaxSeries}; allowed is 1 or more.", nameof(configure));
        }
        services.TryAddSingleton(options);
        services.TryAddSingleton(_ => MetricsCollection.Start(options));
        if (options.IsScraped)
        {
            services.TryAddSingleton(s => new MetricsAnswer(s.GetRequiredService<MeterProvider>(), s));
        }
        if (scrapedAt is not null)
        {
            services.AddSingleton<IHostedService>(s => new ScrapeServer(
                scrapedAt,
                s.GetRequiredService<MetricsAnswer>(),
                s.GetRequiredService<ILogger<ScrapeServer>>()
            ));
        }
        services.TryAddSingleton(s => new MetricsFlush(options, s.GetRequiredService<MeterProvider>()));
        return services.AddSingleton<IHostedService>(s => new OtlpExport(options, s.GetRequiredService<MeterProvider>()));
    }
}
