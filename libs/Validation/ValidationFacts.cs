using Serverless.Packages;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;

namespace Serverless.Validation;

/// <summary>What is settled before a trial, so that all its steps, also those done again, see the same.</summary>
/// <param name="Report">Names the report among those of the version.</param>
/// <param name="Serving">What the environment serves; null where that is nothing, or this version itself.</param>
/// <param name="DigestGate">Whether the stored package is what was registered, and signed where the environment demands it.</param>
public sealed record ValidationFacts(
    string Report,
    string Model,
    int Version,
    string Environment,
    bool Exists,
    string? Digest,
    ModelTask Task,
    int? Serving,
    GoldenPointer? Golden,
    Gate DigestGate
)
{
    internal ModelVersion Id => new(Model, Version);
}
