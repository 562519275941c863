using Serverless.Inference;
using Serverless.Serving.Costs;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Serving.Costs;

public sealed class ModelCostsTests
{
    private static readonly ModelSpending OnProcessors = new("m", "1", 2_000, TimeSpan.FromMinutes(30), TimeSpan.Zero);
    private static readonly ModelSpending OnGpu = new("m", "2", 1_000, TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(30));

    [Fact]
    public void Cost_IsHoursTimesPrices()
    {
        ModelCosts costs = CostsOf(0.10, 3);

        ModelCost processors = costs.CostOf(OnProcessors);
        ModelCost gpu = costs.CostOf(OnGpu);

        Assert.Equal(
            (1_800, 0, 0.05, 0.025),
            (processors.ProcessorSeconds, processors.GpuSeconds, processors.Cost, processors.CostPerThousand)
        );
        Assert.Equal((360, 1_800, 1.51, 1.51), (gpu.ProcessorSeconds, gpu.GpuSeconds, gpu.Cost, gpu.CostPerThousand));
        Assert.Empty(costs.Unpriced);
    }

    [Fact]
    public void Cost_WithoutAPriceThatItNeeds_IsNone_AndTheAnswerSaysWhy()
    {
        ModelCosts unpriced = CostsOf(0, 0);
        ModelCosts half = CostsOf(0.10, 0);

        Assert.Null(unpriced.CostOf(OnProcessors).Cost);
        Assert.Null(unpriced.CostOf(OnProcessors).CostPerThousand);
        Assert.Null(half.CostOf(OnGpu).Cost);
        Assert.Equal(0.05, half.CostOf(OnProcessors).Cost);
        Assert.Equal(2, unpriced.Unpriced.Count);
        Assert.Contains(
            "Prices:PerGpuHour is 0, which stands for 'not configured'",
            Assert.Single(half.Unpriced),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void CostPerThousand_OfNoPrediction_IsNone()
    {
        Assert.Null(CostsOf(1, 1).CostOf(OnProcessors with { Items = 0 }).CostPerThousand);
    }

    private static ModelCosts CostsOf(double perProcessorHour, double perGpuHour) =>
        new(TestModels.Runtime, new PriceOptions { PerProcessorHour = perProcessorHour, PerGpuHour = perGpuHour });
}
