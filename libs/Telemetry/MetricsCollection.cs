using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Serverless.Telemetry;

/// <summary>Collects what the meters of the process measure, for Prometheus to fetch, and by OTLP where the options ask for it.</summary>
internal static class MetricsCollection
{
    // OpenTelemetry's default boundaries divided by 1,000, as its conventions advise for seconds.
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    public static MeterProvider Start(TelemetryOptions options)
    {
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(options.ServiceName))
            .AddMeter([.. options.Meters.Select(beginning => beginning + "*")])
            .AddView(instrument => ViewOf(instrument, options.MaxSeries));
        if (options.IsScraped)
        {
            builder.AddPrometheusExporter(endpoint =>
                (endpoint.ScopeInfoEnabled, endpoint.ScrapeResponseCacheDurationMilliseconds) = (false, 0)
            );
        }
        return (options.Export ? builder.AddOtlpExporter() : builder).Build();
    }

    private static MetricStreamConfiguration ViewOf(Instrument instrument, int maxSeries) =>
        instrument is Histogram<double> { Unit: "s" } histogram && histogram.Advice?.HistogramBucketBoundaries is null
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds, CardinalityLimit = maxSeries }
            : new MetricStreamConfiguration { CardinalityLimit = maxSeries };
}
