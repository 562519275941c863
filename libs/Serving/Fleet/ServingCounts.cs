using System.Text.Json.Serialization;
using Serverless.Captures;
using Serverless.Inference;

namespace Serverless.Serving.Fleet;

/// <summary>Requests to one version in one environment, of a process since it started or of some time.</summary>
/// <param name="Requests">That were answered or failed; not those whose caller left or asked for what cannot be.</param>
/// <param name="Failed">By our fault: the status is 500 or more, or 429.</param>
/// <param name="Slow">Answered, and later than the objective has it.</param>
/// <param name="Milliseconds">That all answers took.</param>
public readonly record struct ServingCounts(long Requests, long Failed, long Slow, double Milliseconds)
{
    [JsonIgnore]
    public long Answered => Requests - Failed;

    public ServingCounts Add(ServingCounts other) =>
        new(Requests + other.Requests, Failed + other.Failed, Slow + other.Slow, Milliseconds + other.Milliseconds);

    public ServingCounts Less(ServingCounts before) =>
        new(Requests - before.Requests, Failed - before.Failed, Slow - before.Slow, Milliseconds - before.Milliseconds);
}

/// <param name="Kind">Of records: those of predictions, comparisons, feedback.</param>
public sealed record CaptureLine(CaptureKind Kind, CaptureCounts Counts);

/// <summary>A version in an environment, and what is counted of it.</summary>
public sealed record ServingLine(string Environment, string Model, int Version, ServingCounts Counts)
{
    [JsonIgnore]
    internal (string, string, int) Key => (Environment, Model, Version);

    /// <summary>Whether it is that of many versions, beyond those that are counted by themselves.</summary>
    [JsonIgnore]
    public bool IsOfOthers => Version == 0;
}

/// <summary>
/// What a process has counted since it started: the object <c>fleet/{process}.json</c>. Counters only grow, so that a report that is missed
/// is made up for by the next.
/// </summary>
/// <param name="Spent">By all models.</param>
public sealed record FleetReport(
    string Process,
    DateTimeOffset Since,
    IReadOnlyList<ServingLine> Serving,
    IReadOnlyList<CaptureLine> Captures,
    ModelTime Spent = default
)
{
    public const string Prefix = "fleet/";
    internal const int MaxBytes = 1 << 20;
}
