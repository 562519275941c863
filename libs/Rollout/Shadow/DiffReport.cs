using Serverless.Captures;

namespace Serverless.Rollout.Shadow;

/// <summary>
/// How a candidate's answers to mirrored requests differ from the serving version's. Stored with the candidate's version.
/// </summary>
public sealed record DiffReport
{
    public required string Model { get; init; }
    public required string Environment { get; init; }
    public required int Candidate { get; init; }
    public required int Reference { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required long Pairs { get; init; }

    /// <summary>Pairs that both answered, in a way that can be compared.</summary>
    public required long Compared { get; init; }

    /// <summary>Share of those with the same best answer; null where there are none.</summary>
    public double? Agreement { get; init; }

    /// <summary>Mean share of the best answers in common.</summary>
    public double? TopOverlap { get; init; }
    public Spread? ScoreShift { get; init; }
    public Spread? Cosine { get; init; }
    public required long CandidateFaults { get; init; }
    public required long ReferenceFaults { get; init; }
    public required long CandidateInvalid { get; init; }
    public required LatencySummary CandidateLatency { get; init; }
    public required LatencySummary ReferenceLatency { get; init; }

    /// <summary>Those with the most disagreement first.</summary>
    public required IReadOnlyList<DiffSlice> Slices { get; init; }

    /// <summary>The worst first: faults, then invalid outputs, then the furthest from the reference.</summary>
    public required IReadOnlyList<DiffExample> Worst { get; init; }

    /// <summary>What keeps the candidate from going on, in words; empty when nothing does.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>Where values lie.</summary>
public sealed record Spread(double Mean, double Min, double Max);

public sealed record LatencySummary(double P50Milliseconds, double P95Milliseconds, double P99Milliseconds);

public sealed record DiffSlice(string Name, long Compared, double Agreement);

/// <param name="Badness">3 for a fault, 2 for an invalid output, else 0 to 2 by how far apart the answers are.</param>
public sealed record DiffExample(
    string PredictionId,
    double Badness,
    string? Fault,
    double? Cosine,
    double? ScoreShift,
    OutputSummary? Candidate,
    OutputSummary? Reference
);
