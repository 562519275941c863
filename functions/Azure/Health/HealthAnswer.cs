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

/// <param name="AsOf">When findings and backlogs were looked at.</param>
internal sealed record HealthAnswer(
    HealthStatus Status,
    DateTimeOffset AsOf,
    IReadOnlyList<HealthFinding> Findings,
    IReadOnlyList<Backlog> Backlogs,
    string Provider,
    IReadOnlyList<string> Stores,
    IReadOnlyList<ModelUse> Models,
    IReadOnlyList<SpaceCount> Index,
    ProcessorUse Processor
);

/// <summary>Seconds of processor time since the process started.</summary>
/// <param name="Models">Of these, inside ONNX Runtime.</param>
internal sealed record ProcessorUse(double Process, double Models);
