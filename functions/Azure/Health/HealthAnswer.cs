using Serverless.Ingest.Documents;
using Serverless.Ingest.Health;
using Serverless.Ingest.Index;

namespace Serverless.Functions.Azure.Health;

internal enum HealthStatus
{
    Healthy,

    /// <summary>It serves, and something is not as it should be.</summary>
    Degraded,

    /// <summary>It takes no more requests.</summary>
    Stopping,
}

/// <param name="Members">Who reported in time that it lives: workers, and on one machine what the supervisor has started.</param>
/// <param name="LiveWorkers">Of these, who takes jobs; none where there is nothing to do may be as it should be.</param>
/// <param name="AsOf">When findings, backlogs and members were looked at.</param>
internal sealed record HealthAnswer(
    HealthStatus Status,
    DateTimeOffset AsOf,
    IReadOnlyList<HealthFinding> Findings,
    IReadOnlyList<Backlog> Backlogs,
    int LiveWorkers,
    IReadOnlyList<ReportedMember> Members,
    string Provider,
    IReadOnlyList<string> Stores,
    IReadOnlyList<ModelUse> Models,
    IReadOnlyList<SpaceCount> Index,
    ProcessorUse Processor
);

/// <summary>Seconds of processor time since the process started.</summary>
/// <param name="Models">Of these, inside ONNX Runtime.</param>
internal sealed record ProcessorUse(double Process, double Models);
