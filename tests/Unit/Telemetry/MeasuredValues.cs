using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Serverless.Unit.Telemetry;

/// <summary>What the instruments of one factory measured, summed by their tags, for a test to look at. Thread-safe.</summary>
internal sealed class MeasuredValues : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new();

    public MeasuredValues(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Lines such as "outcome=ok store=s3: 2", in the order of their text.</summary>
    public string[] Of(string instrument) =>
        [
            .. _sums
                .Where(sum => sum.Key.StartsWith($"{instrument} ", StringComparison.Ordinal))
                .Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Key[(instrument.Length + 1)..]}: {sum.Value:0.###}"))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Collects what is observed, as a scrape does, and forgets what was measured before.</summary>
    public MeasuredValues Collect()
    {
        _sums.Clear();
        _listener.RecordObservableInstruments();
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] texts = [.. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)];
        _sums.AddOrUpdate($"{instrument.Name} {string.Join(' ', texts)}", value, (_, sum) => sum + value);
    }
}
