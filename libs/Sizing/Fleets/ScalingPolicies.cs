namespace Serverless.Sizing.Fleets;

/// <summary>What a scaler sees.</summary>
/// <param name="Seconds">Since the midnight (UTC) before the simulation's start.</param>
/// <param name="Backlog">Jobs that wait or are in hand.</param>
/// <param name="Replicas">That run or start.</param>
public readonly record struct FleetLook(double Seconds, int Backlog, int Replicas);

/// <summary>How many replicas there should be; the fleet's bounds apply afterwards.</summary>
public interface IScalingPolicy
{
    string Name { get; }

    int Wanted(FleetLook look);
}

/// <summary>
/// As many as the backlog needs at so many jobs for each, as KEDA's azure-queue scaler (queueLengthStrategy "all") and the scaling of AWS
/// Batch in infra/aws do.
/// </summary>
/// <param name="PerReplica">Jobs that one replica is counted on for, in hand or waiting.</param>
public sealed record TargetBacklog(double PerReplica) : IScalingPolicy
{
    public string Name => FormattableString.Invariant($"target backlog, {PerReplica:0.##} a replica");

    public int Wanted(FleetLook look) => (int)Math.Ceiling((look.Backlog / PerReplica) - 1e-9);
}

/// <summary>Replicas are added or taken away by how large the backlog is.</summary>
/// <param name="Steps">The change from this backlog on; the highest that applies counts, below the lowest nothing changes.</param>
public sealed record StepScaling(IReadOnlyList<(int From, int Change)> Steps) : IScalingPolicy
{
    public string Name =>
        $"steps, {string.Join(", ", Steps.Select(step => FormattableString.Invariant($"{step.Change:+0;-0;0} from {step.From}")))}";

    public int Wanted(FleetLook look) =>
        look.Replicas + Steps.Where(step => look.Backlog >= step.From).OrderBy(step => step.From).LastOrDefault().Change;
}

/// <summary>A number of replicas by the time of day.</summary>
/// <param name="Entries">From this hour (UTC) on, 0 to 24; before the first the last one holds.</param>
public sealed record Schedule(IReadOnlyList<(double Hour, int Replicas)> Entries) : IScalingPolicy
{
    public string Name =>
        "schedule, "
        + string.Join(", ", Entries.Select(entry => FormattableString.Invariant($"{entry.Replicas} from {entry.Hour:0.##} h")));

    public int Wanted(FleetLook look)
    {
        double hour = look.Seconds / 3600 % 24;
        (double Hour, int Replicas)[] sorted = [.. Entries.OrderBy(entry => entry.Hour)];
        return sorted.LastOrDefault(entry => entry.Hour <= hour, sorted[^1]).Replicas;
    }
}
