using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Serverless.Telemetry;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>All series of one metric. Thread-safe.</summary>
internal sealed class MetricFamily(Instrument instrument, int maxSeries)
{
    private const string Overflow = "otel_metric_overflow=\"true\"";

    // OpenTelemetry's default boundaries, those for seconds divided by 1,000 as its conventions advise.
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] Plain = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

    private readonly bool _isSet = instrument.IsObservable || instrument.GetType().GetGenericTypeDefinition() == typeof(Gauge<>);
    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    // without writing the labels each time
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _byTags = new(new TagComparer());

    public string Name { get; } = MetricName.Of(instrument);

    public string Help { get; } = instrument.Description ?? "";

    public MetricKind Kind { get; } = KindOf(instrument);

    /// <summary>Whether measurements are totals that come when asked for, not steps that come as they happen.</summary>
    public bool IsObserved { get; } = instrument.IsObservable;

    public double[] Boundaries { get; } = BoundariesOf(instrument);

    public IEnumerable<KeyValuePair<string, MetricSeries>> Series => _series;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out MetricSeries? series))
        {
            series = Meet(tags);
        }
        if (Kind == MetricKind.Histogram)
        {
            series.Observe(value, Boundaries);
        }
        else if (_isSet)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>Before totals are asked for: what is not told any more is no longer there.</summary>
    public void Forget()
    {
        _byTags.Clear();
        _series.Clear();
    }

    private MetricSeries Meet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        MetricSeries series = SeriesOf(LabelsOf(tags));
        if (_byTags.Count < maxSeries)
        {
            _byTags.TryAdd(tags.ToArray(), series);
        }
        return series;
    }

    private MetricSeries SeriesOf(string labels)
    {
        if (_series.TryGetValue(labels, out MetricSeries? known))
        {
            return known;
        }
        return _series.GetOrAdd(_series.Count < maxSeries ? labels : Overflow, _ => new MetricSeries(
            Kind == MetricKind.Histogram ? Boundaries.Length + 1 : 0
        ));
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }
        StringBuilder labels = new(128);
        foreach ((string name, object? value) in tags)
        {
            if (labels.Length > 0)
            {
                labels.Append(',');
            }
            labels.Append(MetricName.Clean(name)).Append("=\"");
            foreach (char c in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
            {
                _ = c switch
                {
                    '\\' => labels.Append("\\\\"),
                    '"' => labels.Append("\\\""),
                    '\n' => labels.Append("\\n"),
                    _ => labels.Append(c),
                };
            }
            labels.Append('"');
        }
        return labels.ToString();
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        if (type == typeof(Histogram<>))
        {
            return MetricKind.Histogram;
        }
        return type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
    }

    private static double[] BoundariesOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(boundary => (double)boundary)],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(boundary => (double)boundary)],
            _ => instrument.Unit == "s" ? Seconds : Plain,
        };
}
