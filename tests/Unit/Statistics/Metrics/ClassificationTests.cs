using Serverless.Statistics;
using Serverless.Statistics.Metrics;
using Xunit;

namespace Serverless.Unit.Statistics.Metrics;

/// <summary>The examples of scikit-learn's documentation (metrics.f1_score, 1.5), and values worked out by hand.</summary>
public sealed class ClassificationTests
{
    private static readonly string[] Wanted = ["0", "1", "2", "0", "1", "2"];
    private static readonly string?[] Found = ["0", "2", "1", "0", "0", "1"];

    [Fact]
    public void MacroF1_Matches_ScikitLearn_OnItsExample() => Assert.Equal(0.8 / 3, Classification.MacroF1(Wanted, Found).Evaluate(), 12);

    [Fact]
    public void MicroF1_Matches_ScikitLearn_OnItsExample() =>
        Assert.Equal(1.0 / 3, Classification.MicroF1([.. Wanted.Select(Set)], [.. Found.Select(f => Set(f!))]).Evaluate(), 12);

    [Fact]
    public void Accuracy_CountsItemsAsOftenAsTheyAreWeighed()
    {
        Metric accuracy = Classification.Accuracy(["a", "b", "b"], ["a", null, "b"]);

        Assert.Equal(2.0 / 3, accuracy.Evaluate(), 12);
        Assert.Equal(0.25, accuracy.Evaluate([1, 3, 0]), 12);
        Assert.Equal(0.5, accuracy.Of([1, 2]).Evaluate(), 12);
    }

    [Fact]
    public void MacroF1_OfALabelThatNothingInTheSliceHas_LeavesItOut() =>
        Assert.Equal(1, Classification.MacroF1(["a", "b"], ["a", "a"]).Of([0]).Evaluate(), 12);

    private static HashSet<string> Set(string label) => [label];
}
