using Serverless.Sizing.Arrivals;

namespace Serverless.Sizing.Fleets;

/// <summary>What a scaler may do with a fleet, and what a replica is.</summary>
/// <param name="Slots">Jobs that one replica works on at a time.</param>
/// <param name="ColdStart">From asking for a replica until it takes its first job.</param>
/// <param name="Least">Replicas that are always there; at the start they are warm.</param>
/// <param name="LookEvery">How often the scaler looks.</param>
/// <param name="ScaleInAfter">
/// Replicas go only down to the most that was wanted in this time (the stabilization window of Kubernetes, KEDA's cooldownPeriod).
/// </param>
/// <param name="PerHour">Cost of a replica from when it is asked for until it is gone.</param>
public sealed record FleetPlan(
    int Slots,
    TimeSpan ColdStart,
    int Least,
    int Most,
    TimeSpan LookEvery,
    TimeSpan ScaleInAfter,
    double PerHour
)
{
    /// <exception cref="SizingInputException">A number cannot be.</exception>
    public void Check()
    {
        Demand(Slots is >= 1 and <= 10_000, $"a replica has {Slots} slots", "1 to 10000");
        Demand(
            Least >= 0 && Most >= 1 && Least <= Most && Most <= 10_000,
            $"the fleet has {Least} to {Most} replicas",
            "0 to 10000, 1 at most or more"
        );
        Demand(ColdStart >= TimeSpan.Zero && ScaleInAfter >= TimeSpan.Zero, "a time is negative", "0 or more");
        Demand(LookEvery >= TimeSpan.FromSeconds(1), $"the scaler looks every {Durations.Say(LookEvery)}", "1 s or more");
        Demand(double.IsFinite(PerHour) && PerHour >= 0, $"a replica costs {PerHour} an hour", "0 or more");
    }

    private static void Demand(bool holds, string found, string expected)
    {
        if (!holds)
        {
            throw new SizingInputException($"Of the fleet, {found}; expected is {expected}.");
        }
    }
}

/// <summary>A moment of a simulation.</summary>
/// <param name="Waiting">The most jobs that waited since the moment before.</param>
/// <param name="Replicas">That are paid for.</param>
public readonly record struct FleetMoment(double Seconds, int Waiting, int Replicas);

/// <summary>What became of the jobs, and what it cost.</summary>
/// <param name="Unfinished">Jobs for which no replica ever came; their waits count as what they waited until the end.</param>
/// <param name="Starts">Of replicas beyond those at the start.</param>
/// <param name="Busy">Share of the paid slots' time that was worked.</param>
public sealed record FleetResult(
    string Policy,
    int Jobs,
    int Unfinished,
    double MeanWait,
    double P50Wait,
    double P95Wait,
    double P99Wait,
    double LongestWait,
    int MostWaiting,
    int MostReplicas,
    int Starts,
    double ReplicaHours,
    double Busy,
    double Cost,
    IReadOnlyList<FleetMoment> Moments
);
