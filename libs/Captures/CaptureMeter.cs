using System.Diagnostics.Metrics;

namespace Serverless.Captures;

/// <summary>Publishes the writer's counts as metrics.</summary>
internal sealed class CaptureMeter : IDisposable
{
    public const string Name = "Serverless.Captures";

    private readonly Meter _meter;

    public CaptureMeter(IMeterFactory meters, CaptureWriter writer)
    {
        _meter = meters.Create(Name);
        _meter.CreateObservableCounter(
            "captures.requests",
            () => Of(writer, counts => counts.Requests),
            "{record}",
            "Records given to be captured"
        );
        _meter.CreateObservableCounter("captures.settled", () => Settled(writer), "{record}", "Records by what became of them");
        _meter.CreateObservableGauge(
            "captures.pending",
            () => Of(writer, counts => counts.Pending),
            "{record}",
            "Records that wait to be written"
        );
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Of(CaptureWriter writer, Func<CaptureCounts, long> part) =>
        Enum.GetValues<CaptureKind>().Select(kind => new Measurement<long>(part(writer.CountsOf(kind)), KindTag(kind)));

    private static IEnumerable<Measurement<long>> Settled(CaptureWriter writer)
    {
        foreach (CaptureKind kind in Enum.GetValues<CaptureKind>())
        {
            CaptureCounts counts = writer.CountsOf(kind);
            foreach (
                (string outcome, long count) in new[]
                {
                    ("captured", counts.Captured),
                    ("sampled_out", counts.SampledOut),
                    ("dropped", counts.Dropped),
                    ("failed", counts.Failed),
                }
            )
            {
                yield return new Measurement<long>(count, KindTag(kind), new("outcome", outcome));
            }
        }
    }

    private static KeyValuePair<string, object?> KindTag(CaptureKind kind) => new("kind", kind.ToString().ToLowerInvariant());
}
