using Serverless.Rollout;
using Serverless.Rollout.Experiments;
using Xunit;

namespace Serverless.Unit.Rollout;

/// <summary>Experiments that end with "no difference larger than δ", simulated from printed seeds.</summary>
public sealed class ExperimentDeltaTests(ITestOutputHelper output)
{
    private const double Delta = 0.05;

    private static readonly ExperimentArm[] Arms = [new("a", 1, 0.5), new("b", 2, 0.5)];

    /// <summary>Arms that differ by δ exactly are the hardest to tell: called equal in one experiment of twenty at most.</summary>
    [Theory, InlineData(true, 0.3), InlineData(true, 0.0), InlineData(false, 0.3)]
    public void Judge_ArmsThatDifferByDelta_AreSeldomCalledEqual(bool isRate, double mean)
    {
        const int runs = 60;

        int wrong = Enumerable.Range(0, runs).Count(seed => RequestsToEquality(seed, isRate, mean, lift: Delta, 4_000) is not null);

        output.WriteLine($"{wrong} of {runs}, seeds 0 to {runs - 1}");
        Assert.InRange(wrong, 0, 8); // 5 % of 60 are 3; 9 or more would come by chance less than once in three hundred
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Judge_EqualArms_AreCalledSoInTime(bool isRate)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            int? requests = RequestsToEquality(seed, isRate, mean: 0.3, lift: 0, 30_000);

            output.WriteLine($"seed {seed}: after {requests} requests");
            Assert.InRange(requests ?? int.MaxValue, 200, 20_000);
        }
    }

    [Fact]
    public void Judge_EqualArms_SaysSoInWords()
    {
        ExperimentTally tally = new();
        for (int i = 0; i < 20_000; i++)
        {
            tally.AddRequest(1, i % 2 == 0 ? "a" : "b", $"caller-{i}");
            tally.AddValue(i % 2 == 0 ? "a" : "b", i / 2 % 3 == 0 ? 1 : 0, []);
        }

        ExperimentVerdict verdict = Judge(tally, Delta);

        Assert.Equal("No difference to a larger than 0.05: b.", verdict.Conclusion);
        Assert.Null(verdict.Winner);
        Assert.Equal("No difference is shown yet.", Judge(tally, delta: null).Conclusion);
    }

    /// <summary>A hundred requests of which none failed are no proof that none fails.</summary>
    [Fact]
    public void Judge_FewRequestsWithoutSpread_ShowNothing()
    {
        ExperimentTally tally = new();
        for (int i = 0; i < 200; i++)
        {
            tally.AddRequest(1, i % 2 == 0 ? "a" : "b", $"caller-{i}");
            tally.AddValue(i % 2 == 0 ? "a" : "b", 0, []);
        }

        Assert.Equal("No difference is shown yet.", Judge(tally, delta: 0.01).Conclusion);
    }

    [Theory]
    [InlineData(0.0, ExperimentMetric.Score, "delta is 0; allowed is above 0.")]
    [InlineData(double.NaN, ExperimentMetric.Score, "delta is NaN; allowed is above 0.")]
    [InlineData(1.0, ExperimentMetric.Failures, "delta is 1; of failures, a share, allowed is above 0 and below 1.")]
    [InlineData(1.0, ExperimentMetric.Latency, null)]
    public void Validate_ADelta_NamesWhatIsAllowed(double delta, ExperimentMetric metric, string? problem) =>
        Assert.Equal(problem, (Design(delta) with { Metric = metric }).Validate("e").SingleOrDefault());

    private static int? RequestsToEquality(int seed, bool isRate, double mean, double lift, int requests)
    {
        Random random = new(seed);
        ExperimentTally tally = new();
        for (int i = 1; i <= requests; i++)
        {
            string arm = random.Next(2) == 0 ? "a" : "b";
            double expected = mean + (arm == "b" ? lift : 0);
            tally.AddRequest(1, arm, $"caller-{i}");
            tally.AddValue(arm, isRate ? (random.NextDouble() < expected ? 1 : 0) : expected + random.NextDouble() - 0.5, []);
            if (i % 100 == 0 && Judge(tally, Delta).Comparisons[0].WithinDelta)
            {
                return i;
            }
        }
        return null;
    }

    private static ExperimentVerdict Judge(ExperimentTally tally, double? delta) =>
        ExperimentJudge.Judge(
            new ExperimentRecord(
                "e",
                Design(delta),
                "tests",
                DateTimeOffset.UnixEpoch,
                null,
                [new(1, DateTimeOffset.UnixEpoch, Arms)],
                null
            ),
            tally,
            DateTimeOffset.UnixEpoch,
            truncated: false
        );

    private static ExperimentDesign Design(double? delta) =>
        new("labels", "prod", Arms, ExperimentMetric.Feedback, Effect: 0.05, Alpha: 0.05, Adaptive: false, delta);
}
