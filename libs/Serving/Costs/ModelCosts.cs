using System.Diagnostics;
using Serverless.Inference;

namespace Serverless.Serving.Costs;

/// <summary>What models have cost in this process since it started, by its prices. Thread-safe.</summary>
public sealed class ModelCosts(InferenceRuntime runtime, PriceOptions prices)
{
    public PriceOptions Prices { get; } = prices;

    /// <summary>When this process started, and the counting with it.</summary>
    public static DateTimeOffset Since
    {
        get
        {
            using Process own = Process.GetCurrentProcess();
            return own.StartTime.ToUniversalTime();
        }
    }

    /// <summary>A sentence on each price that is not configured.</summary>
    public IReadOnlyList<string> Unpriced =>
        [
            .. Missing(Prices.PerProcessorHour, nameof(PriceOptions.PerProcessorHour), "processors"),
            .. Missing(Prices.PerGpuHour, nameof(PriceOptions.PerGpuHour), "GPUs"),
        ];

    /// <summary>The dearest first; where nothing is priced, what kept processors busy for longest.</summary>
    public IReadOnlyList<ModelCost> Read() =>
        [
            .. runtime
                .Spending.Select(CostOf)
                .OrderByDescending(cost => cost.Cost)
                .ThenByDescending(cost => cost.ProcessorSeconds)
                .ThenBy(cost => cost.Model, StringComparer.Ordinal),
        ];

    internal ModelCost CostOf(ModelSpending spent)
    {
        double? cost = Prices.CostOf(spent.Processor.TotalSeconds, spent.Gpu.TotalSeconds);
        return new ModelCost(
            spent.Model,
            spent.Version,
            spent.Items,
            spent.Processor.TotalSeconds,
            spent.Gpu.TotalSeconds,
            cost,
            spent.Items == 0 ? null : cost * 1_000 / spent.Items
        );
    }

    private static IEnumerable<string> Missing(double price, string name, string what) =>
        price > 0 ? [] : [$"Prices:{name} is 0, which stands for 'not configured': time on {what} has no cost here."];
}
