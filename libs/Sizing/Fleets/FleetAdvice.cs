using Serverless.Sizing.Arrivals;

namespace Serverless.Sizing.Fleets;

/// <summary>The smallest fleet that keeps an objective.</summary>
/// <param name="Most">The fewest replicas at most; null where even the bound does not keep it.</param>
/// <param name="Days">What it did on each day it was tried on; empty where there is none.</param>
public sealed record FleetAdvice(int? Most, IReadOnlyList<FleetResult> Days)
{
    /// <summary>
    /// The smallest upper bound of replicas with which 95 of 100 jobs wait no longer than the objective in every one of several days.
    /// </summary>
    /// <param name="day">The arrivals of a day, from a seed.</param>
    /// <param name="bound">No more replicas than this are tried.</param>
    public static FleetAdvice Find(
        Func<int, ArrivalTrace> day,
        ServiceTimes service,
        FleetPlan plan,
        IScalingPolicy policy,
        TimeSpan objective,
        int bound,
        IReadOnlyList<int> seeds
    )
    {
        for (int most = Math.Max(1, plan.Least); most <= bound; most++)
        {
            List<FleetResult> days = [];
            foreach (int seed in seeds)
            {
                days.Add(FleetSimulation.Run(day(seed), service, plan with { Most = most }, policy, seed));
                if (days[^1].Unfinished > 0 || days[^1].P95Wait > objective.TotalSeconds)
                {
                    break;
                }
            }
            if (days.Count == seeds.Count && days[^1].Unfinished == 0 && days[^1].P95Wait <= objective.TotalSeconds)
            {
                return new FleetAdvice(most, days);
            }
        }
        return new FleetAdvice(null, []);
    }
}
