using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Metrics;

namespace Serverless.Telemetry;

/// <summary>
/// What this process measured, in Prometheus' text format or as OpenMetrics, whichever is asked for. Lives as long as the process;
/// thread-safe.
/// </summary>
public sealed class MetricsAnswer : IResult
{
    private readonly RequestDelegate _scrape;

    internal MetricsAnswer(MeterProvider metrics, IServiceProvider services) =>
        _scrape = new ApplicationBuilder(services)
            .UseOpenTelemetryPrometheusScrapingEndpoint(
                metrics,
                predicate: _ => true,
                path: null,
                configureBranchedPipeline: null,
                optionsName: null
            )
            .Build();

    public Task ExecuteAsync(HttpContext httpContext) => _scrape(httpContext);
}
