using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Serverless.Telemetry;

/// <summary>
/// Listens to the meters of the process and shows what they measured in Prometheus' text format, version 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats). Lives as long as the process; thread-safe.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _rendering = new();

    public PrometheusText(TelemetryOptions options)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!options.Meters.Any(beginning => instrument.Meter.Name.StartsWith(beginning, StringComparison.Ordinal)))
            {
                return;
            }
            // Instruments of one name are one metric, whichever of several meters of a process they belong to.
            listener.EnableMeasurementEvents(
                instrument,
                _families.GetOrAdd(MetricName.Of(instrument), _ => new MetricFamily(instrument, options.MaxSeries))
            );
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Record(family, (double)value, tags));
        _listener.Start();
    }

    public string Render()
    {
        lock (_rendering)
        {
            foreach (MetricFamily family in _families.Values.Where(family => family.IsObserved))
            {
                family.Forget();
            }
            _listener.RecordObservableInstruments();
            StringBuilder text = new();
            foreach (MetricFamily family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                Append(text, family);
            }
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);

    private static void Append(StringBuilder text, MetricFamily family)
    {
        KeyValuePair<string, MetricSeries>[] series = [.. family.Series.OrderBy(each => each.Key, StringComparer.Ordinal)];
        if (series.Length == 0)
        {
            return;
        }
        string help = family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        text.Append(
            CultureInfo.InvariantCulture,
            $"# HELP {family.Name} {help}\n# TYPE {family.Name} {family.Kind.ToString().ToLowerInvariant()}\n"
        );
        foreach ((string labels, MetricSeries each) in series)
        {
            (double value, long count, long[] buckets) = each.Read();
            if (family.Kind != MetricKind.Histogram)
            {
                AppendLine(text, family.Name, labels, "", Number(value));
                continue;
            }

            long below = 0;
            for (int i = 0; i < buckets.Length; i++)
            {
                below += buckets[i];
                string boundary = i < family.Boundaries.Length ? Number(family.Boundaries[i]) : "+Inf";
                AppendLine(text, family.Name + "_bucket", labels, $"le=\"{boundary}\"", below.ToString(CultureInfo.InvariantCulture));
            }
            AppendLine(text, family.Name + "_sum", labels, "", Number(value));
            AppendLine(text, family.Name + "_count", labels, "", count.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void AppendLine(StringBuilder text, string name, string labels, string more, string value)
    {
        text.Append(name);
        if (labels.Length + more.Length > 0)
        {
            text.Append('{').Append(labels).Append(labels.Length > 0 && more.Length > 0 ? "," : "").Append(more).Append('}');
        }
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "NaN"
        : value > 0 ? "+Inf"
        : "-Inf";
}
