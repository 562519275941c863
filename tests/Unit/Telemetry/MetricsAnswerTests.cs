using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Telemetry;
using Xunit;

namespace Serverless.Unit.Telemetry;

public sealed class MetricsAnswerTests : IAsyncDisposable
{
    private readonly Meter _meter = new($"Serverless.Test{Guid.NewGuid():N}");
    private readonly ServiceProvider _services;
    private readonly MetricsAnswer _metrics;

    public MetricsAnswerTests()
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddTelemetry(options =>
            {
                options.MaxSeries = 3;
                options.Meters.Clear();
                options.Meters.Add(_meter.Name);
            })
            .BuildServiceProvider();
        _metrics = _services.GetRequiredService<MetricsAnswer>();
    }

    public ValueTask DisposeAsync()
    {
        _meter.Dispose();
        return _services.DisposeAsync();
    }

    [Fact]
    public async Task Answer_ShowsEveryKind_WithUnitsInNamesAndSecondsInBuckets()
    {
        _meter.CreateCounter<long>("served.requests", "{request}", "Requests.").Add(2, new("outcome", "ok"), new("model", "m"));
        _meter.CreateUpDownCounter<int>("served.open").Add(-3);
        _meter.CreateObservableCounter("served.bytes", () => 7L, "By");
        _meter.CreateHistogram<double>("served.wait", "s").Record(0.001, new KeyValuePair<string, object?>("model", "m"));
        Histogram<double> durations = _meter.CreateHistogram(
            "served.duration",
            "s",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] }
        );
        foreach (double seconds in new[] { 0.05, 0.1, 0.5, 4 })
        {
            durations.Record(seconds);
        }

        string[] lines = await FetchAsync();

        string[] expected =
        [
            "# HELP served_requests_total Requests.",
            "# TYPE served_requests_total counter",
            "served_requests_total{model=\"m\",outcome=\"ok\"} 2",
            "served_open{} -3",
            "served_bytes_total{} 7",
            "served_duration_seconds_bucket{le=\"0.1\"} 2",
            "served_duration_seconds_bucket{le=\"1\"} 3",
            "served_duration_seconds_bucket{le=\"+Inf\"} 4",
            "served_duration_seconds_sum{} 4.65",
            "served_duration_seconds_count{} 4",
            "served_wait_seconds_bucket{model=\"m\",le=\"0.001\"} 1",
            "served_wait_seconds_bucket{model=\"m\",le=\"0.0025\"} 1",
        ];
        Assert.All(expected, line => Assert.Contains(line, lines));
        Assert.Equal(3, lines.Count(line => line.StartsWith("served_duration_seconds_bucket", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Answer_WithMoreLabelsThanAllowed_CountsTheRestTogether()
    {
        Counter<long> counter = _meter.CreateCounter<long>("calls");
        for (int i = 0; i < 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("key", i));
        }

        string[] lines = await FetchAsync();

        Assert.Equal(4, lines.Count(line => line.StartsWith("calls_total{", StringComparison.Ordinal)));
        Assert.Contains("calls_total{otel_metric_overflow=\"true\"} 7", lines);
    }

    [Fact]
    public async Task Answer_WithTenThousandLabels_KeepsToTheBound_InCountersHistogramsAndGauges()
    {
        const int labels = 10_000;
        Counter<long> counter = _meter.CreateCounter<long>("many.calls");
        Histogram<double> histogram = _meter.CreateHistogram<double>("many.waits", "s");
        _meter.CreateObservableGauge("many.sizes", () => Enumerable.Range(0, labels).Select(i => new Measurement<long>(i, Key(i))));
        for (int i = 0; i < labels; i++)
        {
            counter.Add(1, Key(i));
            histogram.Record(1, Key(i));
        }

        string[] lines = await FetchAsync();

        Assert.All(["many_calls_total{", "many_waits_seconds_count{", "many_sizes{"], series =>
            Assert.InRange(lines.Count(line => line.StartsWith(series, StringComparison.Ordinal)), 3, 4)
        );
        Assert.Contains($"many_calls_total{{otel_metric_overflow=\"true\"}} {labels - 3}", lines);
    }

    [Fact]
    public async Task Answer_WithoutAnObservedSeriesThatIsGone_ShowsItNoMore()
    {
        bool there = true;
        _meter.CreateObservableGauge("loaded", () =>
            there ? [new Measurement<int>(1, new KeyValuePair<string, object?>("model", "m"))] : Array.Empty<Measurement<int>>()
        );

        Assert.Contains("loaded{model=\"m\"} 1", await FetchAsync());
        there = false;
        Assert.DoesNotContain(await FetchAsync(), line => line.StartsWith("loaded", StringComparison.Ordinal));
    }

    private static KeyValuePair<string, object?> Key(int i) => new("key", i);

    private async Task<string[]> FetchAsync()
    {
        using MemoryStream body = new();
        await _metrics.ExecuteAsync(new DefaultHttpContext { RequestServices = _services, Response = { Body = body } });
        return Encoding.UTF8.GetString(body.ToArray()).Split('\n');
    }
}
