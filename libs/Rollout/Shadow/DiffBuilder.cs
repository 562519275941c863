using Serverless.Captures;
using Serverless.Rollout.Guards;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Shadow;

/// <summary>Sums up comparisons, one by one, in bounded memory. Mutable, not thread-safe.</summary>
public sealed class DiffBuilder(double minCosine)
{
    private const int MaxExamples = 20;
    private const double FaultBadness = 3,
        InvalidBadness = 2;

    private readonly ShadowTally _tally = new();
    private readonly LatencyHistogram _candidate = new(),
        _reference = new();
    private readonly PriorityQueue<DiffExample, double> _worst = new();
    private MeanTally _overlap;
    private Range _shift = Range.Empty,
        _cosine = Range.Empty;

    public void Add(CaptureRecord record)
    {
        if (record.Comparison is not { } comparison)
        {
            return;
        }
        bool? disagrees = comparison.Disagrees(minCosine);
        bool invalid = comparison.CandidateOutput is { Valid: false };
        _tally.Add(
            new ShadowObservation(
                disagrees,
                comparison.Fault is not null,
                comparison.ReferenceFault is not null,
                invalid,
                comparison.ReferenceOutput is { Valid: false },
                CaptureObservations.SlicesOf(record)
            )
        );
        if (comparison.Fault is null)
        {
            _candidate.Add(comparison.CandidateMilliseconds);
        }
        if (comparison.ReferenceFault is null)
        {
            _reference.Add(comparison.ReferenceMilliseconds);
        }
        if (comparison.TopOverlap is { } overlap && double.IsFinite(overlap))
        {
            _overlap = _overlap.Add(overlap);
        }
        if (comparison.ScoreShift is { } shift && double.IsFinite(shift))
        {
            _shift = _shift.Add(shift);
        }
        if (comparison.Cosine is { } cosine && double.IsFinite(cosine))
        {
            _cosine = _cosine.Add(cosine);
        }
        Remember(record, comparison, disagrees, invalid);
    }

    public DiffReport Build(string model, string environment, int candidate, int reference, DateTimeOffset from, DateTimeOffset until) =>
        new()
        {
            Model = model,
            Environment = environment,
            Candidate = candidate,
            Reference = reference,
            From = from,
            Until = until,
            Pairs = _tally.Pairs,
            Compared = _tally.Compared,
            Agreement = _tally.Compared == 0 ? null : 1 - ((double)_tally.Disagreed / _tally.Compared),
            TopOverlap = _overlap.Count == 0 ? null : _overlap.Mean,
            ScoreShift = _shift.ToSpread(),
            Cosine = _cosine.ToSpread(),
            CandidateFaults = _tally.CandidateFailed,
            ReferenceFaults = _tally.ReferenceFailed,
            CandidateInvalid = _tally.CandidateInvalid,
            CandidateLatency = SummaryOf(_candidate),
            ReferenceLatency = SummaryOf(_reference),
            Slices =
            [
                .. _tally
                    .Slices.Select(slice => new DiffSlice(slice.Key, slice.Value.Total, 1 - slice.Value.Value))
                    .OrderBy(slice => slice.Agreement),
            ],
            Worst = [.. _worst.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)],
        };

    private void Remember(CaptureRecord record, ComparisonSummary comparison, bool? disagrees, bool invalid)
    {
        double distance = comparison.Cosine is { } cosine
            ? 1 - cosine
            : (disagrees == true ? 1 : 0) + Math.Min(1, Math.Abs(comparison.ScoreShift ?? 0));
        double badness =
            comparison.Fault is not null ? FaultBadness
            : invalid || !double.IsFinite(distance) ? InvalidBadness
            : distance;
        if (badness == 0)
        {
            return;
        }
        // Neither shift nor cosine is a number where an output is none, and JSON has no such numbers.
        DiffExample example = new(
            record.PredictionId,
            badness,
            comparison.Fault,
            Finite(comparison.Cosine),
            Finite(comparison.ScoreShift),
            invalid ? null : comparison.CandidateOutput,
            comparison.ReferenceOutput is { Valid: true } ? comparison.ReferenceOutput : null
        );
        _worst.Enqueue(example, badness);
        if (_worst.Count > MaxExamples)
        {
            _worst.Dequeue();
        }
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static LatencySummary SummaryOf(LatencyHistogram times) =>
        times.Total == 0 ? new(0, 0, 0) : new(times.Quantile(0.5), times.Quantile(0.95), times.Quantile(0.99));

    private readonly record struct Range(MeanTally Values, double Min, double Max)
    {
        public static Range Empty => new(default, double.PositiveInfinity, double.NegativeInfinity);

        public Range Add(double value) => new(Values.Add(value), Math.Min(Min, value), Math.Max(Max, value));

        public Spread? ToSpread() => Values.Count == 0 ? null : new(Values.Mean, Min, Max);
    }
}
