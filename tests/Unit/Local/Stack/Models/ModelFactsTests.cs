using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.Unit.Local.Stack.Models;

public sealed class ModelFactsTests
{
    [Fact]
    public void Metrics_AreReadByTheirNames() =>
        Assert.Equal(new Dictionary<string, double> { ["f1"] = 0.9, ["a"] = -1e-3 }, ModelFacts.ParseMetrics(["f1=0.9", "a=-1e-3"]));

    [Theory]
    [InlineData("'f1' is no metric; say for instance --metric accuracy=0.93.", "f1")]
    [InlineData("'=1' is no metric", "=1")]
    [InlineData("'f1=NaN' is no metric", "f1=NaN")]
    [InlineData("'f1=1e400' is no metric", "f1=1e400")]
    [InlineData("The metric 'f1' is there twice, as 0.9 and 0.8; say it once.", "f1=0.9", "f1=0.8")]
    public void WhatIsNoMetric_IsRefusedByName(string message, params string[] texts)
    {
        StackException refused = Assert.Throws<StackException>(() => ModelFacts.ParseMetrics(texts));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.Code);
    }
}
