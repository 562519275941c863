using Microsoft.Extensions.Configuration;
using Serverless.Storage;
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
        Assert.Empty(Check(options));
    }

    [Fact]
    public void Settings_AreReadByModel_ByMetric_AndByEnvironment()
    {
        ValidationOptions options = new();

        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Models:births:accuracy:Threshold"] = "0.9",
                    ["Metrics:spanF1:Margin"] = "0.1",
                    ["Gates:RequireGolden:qa"] = "false",
                    ["Trial:Within"] = "00:05:00",
                }
            )
            .Build()
            .Bind(options);

        Assert.Equal(
            (0.9, 0.1, TimeSpan.FromMinutes(5)),
            (options.BoundsOf("births", "accuracy").Threshold, options.BoundsOf("births", "spanF1").Margin, options.Trial.Within)
        );
        Assert.Equal([false, false, true], new[] { "dev", "qa", "prod" }.Select(options.Gates.RequiresGolden));
        Assert.Empty(Check(options));
    }

    [Fact]
    public void Rejects_EverythingThatIsWrong_AtOnce()
    {
        ValidationOptions options = new() { Trial = { MaxMemoryBytes = 1 }, Gates = { MinItems = 0, MaxLatencyRatio = double.NaN } };
        options.Metrics["f1"] = new MetricLimits { Margin = 2 };

        Assert.Equal(
            [
                "Validation:Gates:MaxLatencyRatio is NaN; allowed is 1 or more.",
                "Validation:Gates:MinItems is 0; allowed is 1 or more.",
                "Validation:Metrics has 'f1'; allowed are accuracy, macroF1, spanF1, ndcg, cosine, map.",
                "Validation:Metrics:f1:Margin is 2; allowed are 0 to 1.",
                "Validation:Trial:MaxMemoryBytes is 1; allowed is 268,435,456 or more.",
            ],
            Check(options).Order(StringComparer.Ordinal)
        );
    }

    private static IReadOnlyList<string> Check(ValidationOptions options) =>
        OptionsCheck.Find(("Validation", options), ("Validation:Trial", options.Trial), ("Validation:Gates", options.Gates));
}
