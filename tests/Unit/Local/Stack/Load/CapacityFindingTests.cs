using Serverless.Local.Stack.Load;
using Xunit;

namespace Serverless.Unit.Local.Stack.Load;

public sealed class CapacityFindingTests
{
    private static readonly CapacityPlan Plan = new(From: 5, Most: 1_000, Precision: 0.1, Repeats: 3, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task FindAsync_TriesBothSidesOfTheBoundaryAgain()
    {
        CapacityFinding finding = new(rate => Task.FromResult(Trial(rate, rate <= 70 ? LoadVerdict.Kept : LoadVerdict.Missed)), Plan);

        CapacityFound found = await finding.FindAsync();

        Assert.InRange(found.Rate, 70 / 1.1, 70);
        Assert.Equal((3, 3, 0, null), (found.Held, found.Repeats, found.FailedHeld, found.Limit));
        Assert.Equal(3 + 1, finding.Trials.Count(trial => trial.Rate == found.Rate));
        Assert.Equal(3 + 1, finding.Trials.Count(trial => trial.Rate == found.FailedRate));
        Assert.Contains("keep the objective in 3 of 3 trials, ", found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_ARateThatHeldByLuck_IsLowered()
    {
        int trials = 0;
        CapacityFinding finding = new(
            rate => Task.FromResult(Trial(rate, rate <= 40 || (rate <= 70 && trials++ == 0) ? LoadVerdict.Kept : LoadVerdict.Missed)),
            Plan
        );

        CapacityFound found = await finding.FindAsync();

        Assert.InRange(found.Rate, 40 / 1.1, 40);
        Assert.Equal(3, found.Held);
    }

    [Fact]
    public async Task FindAsync_WhereTheGeneratorIsBehind_SaysSo_AndDoesNotBlameTheService()
    {
        CapacityFinding finding = new(
            rate => Task.FromResult(Trial(rate, rate <= 30 ? LoadVerdict.Kept : LoadVerdict.GeneratorBehind)),
            Plan
        );

        CapacityFound found = await finding.FindAsync();

        Assert.Equal(20, found.Rate);
        Assert.StartsWith("The generator itself could not send 40/s on time", found.Limit, StringComparison.Ordinal);
        Assert.Null(found.FailedRate);
        Assert.Equal(2, finding.Trials.Count(trial => trial.Verdict == LoadVerdict.GeneratorBehind)); // once more before it is said
    }

    [Fact]
    public async Task FindAsync_WhereTheGeneratorIsBehindFromTheStart_NoRateIsJudged()
    {
        CapacityFinding finding = new(rate => Task.FromResult(Trial(rate, LoadVerdict.GeneratorBehind)), Plan);

        Assert.StartsWith(
            "No rate could be judged. The generator itself could not send 5/s on time",
            (await finding.FindAsync()).Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task FindAsync_WhereNothingIsKept_SaysSo()
    {
        CapacityFinding finding = new(rate => Task.FromResult(Trial(rate, LoadVerdict.Missed)), Plan);

        Assert.StartsWith("No rate keeps the objective, not even 0.1/s.", (await finding.FindAsync()).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_WhereAllIsKept_SaysThatMoreWasNotTried()
    {
        CapacityFinding finding = new(rate => Task.FromResult(Trial(rate, LoadVerdict.Kept)), Plan);

        CapacityFound found = await finding.FindAsync();

        Assert.Equal(1_000, found.Rate);
        Assert.Equal("Higher rates than 1000/s were not tried (--most-rate).", found.Limit);
    }

    private static RateTrialResult Trial(double rate, LoadVerdict verdict) =>
        new($"{rate}/s", rate, TimeSpan.FromSeconds(1), 1, 0, 1, 1, 1, 0, verdict, null, null, [], []);
}
