namespace Serverless.Sizing.Costs;

/// <summary>One way to answer a demand.</summary>
/// <param name="Count">Instances, so that the rate of each is one that was kept up with.</param>
/// <param name="IsEstimate">Whether the machine was not measured: its rates are those of another, by the ratio of their cores.</param>
/// <param name="RateEach">Predictions a second that one instance keeps up with.</param>
/// <param name="P95Milliseconds">At that rate.</param>
/// <param name="Per1000">Cost of a thousand predictions while the demand lasts.</param>
public sealed record ServingChoice(
    InstanceKind Kind,
    int Count,
    bool IsEstimate,
    string MeasuredOn,
    MeasuredSetting Setting,
    double RateEach,
    double P95Milliseconds,
    double PerHour,
    double Per1000
);

/// <summary>All ways to answer a demand within its latency, the cheapest first.</summary>
/// <param name="Front">Those that no other betters in cost and latency.</param>
/// <param name="NotCompared">Machines of another package, and kinds about which nothing is known, a sentence each.</param>
public sealed record Recommendation(
    Demand Demand,
    IReadOnlyList<ServingChoice> Choices,
    IReadOnlyList<ServingChoice> Front,
    IReadOnlyList<string> NotCompared
)
{
    /// <summary>Of equals what was measured; null where nothing answers the demand.</summary>
    public ServingChoice? Best => Choices.Count > 0 ? Choices[0] : null;

    /// <summary>
    /// Machines that measured another package than the first are left out: they say nothing of this one. Kinds with a GPU are compared only
    /// where they were measured with it; other kinds are measured, or estimated from each machine by the ratio of cores at the same
    /// latency, on CPU settings only.
    /// </summary>
    public static Recommendation Make(Demand demand, PriceList prices, IReadOnlyList<MachineMeasurements> machines)
    {
        List<ServingChoice> choices = [];
        List<string> unknown =
        [
            .. machines
                .Where(machine => !IsOf(machines[0], machine))
                .Select(machine => $"{machine.Machine}: it measured {machine.Model} ({machine.Digest}), another package."),
        ];
        machines = [.. machines.Where(machine => IsOf(machines[0], machine))];
        foreach (InstanceKind kind in prices.Kinds)
        {
            MachineMeasurements[] own = [.. machines.Where(machine => machine.Kind == kind.Name)];
            if (own.Length == 0 && kind.Gpu is not null)
            {
                unknown.Add($"{kind.Name}: it has a GPU ({kind.Gpu}), and no measurement of it was added.");
                continue;
            }
            choices.AddRange((own.Length > 0 ? own : machines).SelectMany(machine => ChoicesOf(demand, kind, machine)));
        }
        ServingChoice[] sorted =
        [
            .. choices.OrderBy(choice => choice.Per1000).ThenBy(choice => choice.IsEstimate).ThenBy(choice => choice.P95Milliseconds),
        ];
        return new Recommendation(
            demand,
            sorted,
            ParetoFront.Of(sorted, choice => choice.Per1000, choice => choice.P95Milliseconds),
            unknown
        );
    }

    /// <summary>Where the package's own graph could not be run there is no digest.</summary>
    private static bool IsOf(MachineMeasurements first, MachineMeasurements machine) =>
        first.Digest.Length == 0 || machine.Digest.Length == 0 || machine.Digest == first.Digest;

    private static IEnumerable<ServingChoice> ChoicesOf(Demand demand, InstanceKind kind, MachineMeasurements machine)
    {
        bool isEstimate = machine.Kind != kind.Name;
        foreach (MeasuredSetting setting in machine.Settings)
        {
            bool isGood = demand.LeastAccuracy is not { } least || setting.Accuracy is { } accuracy && accuracy.Value >= least;
            if (!isGood || (isEstimate && setting.Provider != "CPU"))
            {
                continue;
            }
            double scale = isEstimate ? (double)kind.Cores / machine.Cores : 1;
            // Each rate is another choice: fewer instances that are busier, or more that answer sooner. Where several rates need as many
            // instances, the lowest tells what callers meet.
            IEnumerable<(MeasuredRate Rate, int Count)> counts = setting
                .Rates.Where(rate => rate.Kept && rate.P95Milliseconds <= demand.Within.TotalMilliseconds)
                .OrderBy(rate => rate.Rate)
                .Select(rate => (rate, (int)Math.Ceiling((demand.Rate / (rate.Rate * scale)) - 1e-9)))
                .DistinctBy(choice => choice.Item2);
            foreach ((MeasuredRate rate, int count) in counts)
            {
                double perHour = count * kind.PerHour;
                yield return new ServingChoice(
                    kind,
                    count,
                    isEstimate,
                    machine.Machine,
                    setting,
                    rate.Rate * scale,
                    rate.P95Milliseconds,
                    perHour,
                    perHour / (demand.Rate * 3.6)
                );
            }
        }
    }
}
