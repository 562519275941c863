using System.Diagnostics.Metrics;
using Serverless.Telemetry;
using Xunit;

namespace Serverless.Unit.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new($"Serverless.Test{Guid.NewGuid():N}");
    private readonly PrometheusText _metrics;

    public PrometheusTextTests()
    {
        TelemetryOptions options = new() { MaxSeries = 3 };
        options.Meters.Clear();
        options.Meters.Add(_meter.Name);
        _metrics = new PrometheusText(options);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Render_EveryKind_IsTheTextFormat()
    {
        _meter
            .CreateCounter<long>("served.requests", "{request}", "Requests, by \"outcome\"\nand model.")
            .Add(2, new("model", "a\"b\\c\nd"), new("outcome", "ok"));
        _meter.CreateUpDownCounter<int>("served.open").Add(-3);
        _meter.CreateGauge<double>("served.load", "1").Record(0.25);
        _meter.CreateObservableCounter("served.bytes", () => 7L, "By");
        Histogram<double> durations = _meter.CreateHistogram(
            "served.duration",
            "s",
            "",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] }
        );
        foreach (double seconds in new[] { 0.05, 0.1, 0.5, 4 })
        {
            durations.Record(seconds);
        }

        Assert.Equal(
            """
            # HELP served_bytes_total 
            # TYPE served_bytes_total counter
            served_bytes_total 7
            # HELP served_duration_seconds 
            # TYPE served_duration_seconds histogram
            served_duration_seconds_bucket{le="0.1"} 2
            served_duration_seconds_bucket{le="1"} 3
            served_duration_seconds_bucket{le="+Inf"} 4
            served_duration_seconds_sum 4.65
            served_duration_seconds_count 4
            # HELP served_load_ratio 
            # TYPE served_load_ratio gauge
            served_load_ratio 0.25
            # HELP served_open 
            # TYPE served_open gauge
            served_open -3
            # HELP served_requests_total Requests, by "outcome"\nand model.
            # TYPE served_requests_total counter
            served_requests_total{model="a\"b\\c\nd",outcome="ok"} 2

            """,
            _metrics.Render()
        );
    }

    [Fact]
    public void Render_MoreLabelsThanAllowed_CountsTheRestTogether()
    {
        Counter<long> counter = _meter.CreateCounter<long>("calls");
        for (int i = 0; i < 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("key", i));
        }

        string text = _metrics.Render();

        Assert.Equal(4, text.Split('\n').Count(line => line.StartsWith("calls_total{", StringComparison.Ordinal)));
        Assert.Contains("calls_total{otel_metric_overflow=\"true\"} 7", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AnObservedSeriesThatIsGone_IsNotShownAnyMore()
    {
        bool there = true;
        _meter.CreateObservableGauge("loaded", () =>
            there ? [new Measurement<int>(1, new KeyValuePair<string, object?>("model", "m"))] : Array.Empty<Measurement<int>>()
        );

        Assert.Contains("loaded{model=\"m\"} 1", _metrics.Render(), StringComparison.Ordinal);
        there = false;
        Assert.DoesNotContain("loaded", _metrics.Render(), StringComparison.Ordinal);
    }
}
