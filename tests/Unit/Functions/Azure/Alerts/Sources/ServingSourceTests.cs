using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Inference.Serving;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts.Sources;

public sealed class ServingSourceTests
{
    [Theory]
    [InlineData(1_000, 0, 100, false, false)]
    [InlineData(90, 10, 100, true, false)]
    [InlineData(1_000, 0, 3_000, false, true)]
    [InlineData(8, 4, 3_000, false, false)] // too few to tell
    public void WhatAMinuteBrought_IsHeldAgainstTheLimits(int answered, int failed, double milliseconds, bool fails, bool isSlow)
    {
        (TimeSum, TimeSum) before = (Sum(5_000, 10), Sum(500, 10));
        (TimeSum, TimeSum) now = (
            new TimeSum(5_000 + answered, TimeSpan.FromMilliseconds((5_000 * 10) + (answered * milliseconds))),
            Sum(500 + failed, 10)
        );

        var found = ServingSource
            .ConditionsOf("labels/3", now, before, AlertRules.Default)
            .ToDictionary(one => one.Rule, one => one.Active);

        Assert.Equal((fails, isSlow), (found["errorShare"], found["latency"]));
    }

    [Fact]
    public void AVersionThatWasLoadedAnew_CountsFromNothing()
    {
        var found = ServingSource.ConditionsOf("labels/3", (Sum(30, 10), default), (Sum(5_000, 10), default), AlertRules.Default);

        Assert.All(found, one => Assert.False(one.Active));
        Assert.Contains(found, one => one.Summary.StartsWith("30 answers of the last minute took 10 ms", StringComparison.Ordinal));
    }

    private static TimeSum Sum(long count, double milliseconds) => new(count, TimeSpan.FromMilliseconds(count * milliseconds));
}
