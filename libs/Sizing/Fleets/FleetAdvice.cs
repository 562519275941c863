namespace Serverless.Sizing.Fleets;

/// <summary>The numbers of a fleet that keep an objective at the least cost.</summary>
/// <param name="Most">The fewest replicas at most; null where even the bound does not keep the objective.</param>
public sealed record FleetAdvice(int? Most, TimeSpan ScaleInAfter, FleetResult? Result)
{
    /// <summary>
    /// The smallest upper bound of replicas with which 95 of 100 jobs wait no longer than the objective in every one of several days with
    /// seeds of their own, and then the shortest time before scaling in that costs no more than 2 % above the cheapest.
    /// </summary>
    /// <param name="day">The arrivals of a day, from a seed.</param>
    /// <param name="bound">No more replicas than this are tried.</param>
    public static FleetAdvice Find(
        Func<int, Arrivals.ArrivalTrace> day,
        ServiceTimes service,
        FleetPlan plan,
        IScalingPolicy policy,
        TimeSpan objective,
        IReadOnlyList<TimeSpan> scaleIn,
        int bound,
        IReadOnlyList<int> seeds
    )
    {
        List<FleetAdvice> found = [];
        foreach (TimeSpan after in scaleIn)
        {
            for (int most = Math.Max(1, plan.Least); most <= bound; most++)
            {
                FleetPlan tried = plan with { Most = most, ScaleInAfter = after };
                FleetResult[] days = [.. seeds.Select(seed => FleetSimulation.Run(day(seed), service, tried, policy, seed))];
                if (days.All(one => one.Unfinished == 0 && one.P95Wait <= objective.TotalSeconds))
                {
                    found.Add(new FleetAdvice(most, after, days[0]));
                    break;
                }
            }
        }
        if (found.Count == 0)
        {
            return new FleetAdvice(null, plan.ScaleInAfter, null);
        }
        int least = found.Min(advice => advice.Most!.Value);
        FleetAdvice[] smallest = [.. found.Where(advice => advice.Most == least)];
        double cheapest = smallest.Min(advice => advice.Result!.Cost);
        return smallest.Where(advice => advice.Result!.Cost <= cheapest * 1.02).MinBy(advice => advice.ScaleInAfter)!;
    }
}
