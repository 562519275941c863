using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Alerts.Rules;

namespace Serverless.Alerts;

/// <summary>
/// How many alerts are open, as the process that looks for them saw it last. Each rule and severity is told, also with none, so that what
/// waits for it to end sees that. What was seen too long ago is not told: another process looks by then. Thread-safe.
/// </summary>
public sealed class AlertGauges : IDisposable
{
    public const string Name = "Serverless.Alerts";

    /// <summary>Looks come every 15 seconds.</summary>
    internal static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private volatile Seen? _seen;

    private sealed record Seen(IReadOnlyList<Alert> Open, long At);

    public AlertGauges(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(Name);
        _meter.CreateObservableGauge("serverless.alerts.open", Read, "{alert}", "Alerts that are open, by rule and severity");
    }

    public void Show(IReadOnlyList<Alert> open) => _seen = new Seen(open, _time.GetTimestamp());

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Read()
    {
        if (_seen is not { } seen || _time.GetElapsedTime(seen.At) > KeptFor)
        {
            return [];
        }
        var counts = seen.Open.CountBy(alert => (alert.Rule, alert.Severity)).ToDictionary();
        return KnownRule.All.SelectMany(rule =>
            Enum.GetValues<AlertSeverity>()
                .Select(severity => new Measurement<long>(counts.GetValueOrDefault((rule.Name, severity)), TagsOf(rule, severity)))
        );
    }

    private static TagList TagsOf(KnownRule rule, AlertSeverity severity) =>
        new() { { "rule", rule.Name }, { "severity", severity.ToString().ToLowerInvariant() } };
}
