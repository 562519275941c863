using Serverless.Validation;
using Xunit;

namespace Serverless.Unit.Validation;

public sealed class ValidationOptionsTests
{
    [Fact]
    public void BoundsOf_TakesTheModelsOwn_ThenTheMetrics_ThenTheDefaults()
    {
        ValidationOptions options = new();
        options.Metrics["accuracy"] = new MetricLimits { Threshold = 0.8, Margin = 0.01 };
        options.Models["births"] = new() { ["Accuracy"] = new MetricLimits { Threshold = 0.9 } };

        Assert.Equal(new MetricBounds(0.9, 0.01, 0.03), options.BoundsOf("births", "accuracy"));
        Assert.Equal(new MetricBounds(0.8, 0.01, 0.03), options.BoundsOf("others", "accuracy"));
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Rejects_EverythingThatIsWrong_AtOnce()
    {
        ValidationOptions options = new() { Trial = { MaxMemoryBytes = 1 }, Gates = { MinItems = 0, MaxLatencyRatio = double.NaN } };
        options.Metrics["f1"] = new MetricLimits { Margin = 2 };

        Assert.Equal(5, options.Validate().Count);
    }
}
