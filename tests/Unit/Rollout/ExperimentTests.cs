using Serverless.Rollout;
using Serverless.Rollout.Experiments;
using Serverless.Statistics.Sequential;
using Xunit;

namespace Serverless.Unit.Rollout;

public sealed class ExperimentTests(ITestOutputHelper output)
{
    private static readonly ExperimentArm[] Arms = [new("a", 1, 0.5), new("b", 2, 0.5)];

    private static readonly ExperimentDesign Design = new(
        "labels",
        "prod",
        Arms,
        ExperimentMetric.Feedback,
        Effect: 0.05,
        Alpha: 0.05,
        Adaptive: false
    );

    private static readonly ExperimentRecord Experiment = new(
        "e1",
        Design,
        "tests",
        DateTimeOffset.UnixEpoch,
        null,
        [new(1, DateTimeOffset.UnixEpoch, Arms)],
        null
    );

    [Fact]
    public void Judge_TwoEqualArms_LookedAtAllTheTime_SeldomCallsThemDifferent()
    {
        const int runs = 100;

        int wrong = Enumerable.Range(0, runs).Count(seed => FirstWinner(seed, lift: 0, requests: 4_000) is not null);

        output.WriteLine($"{wrong} of {runs}, seeds 0 to {runs - 1}");
        // 5 % of 100 are 5, in overall and slice verdicts together; 12 or more come by chance less than once in a hundred
        Assert.InRange(wrong, 0, 11);
    }

    [Fact]
    public void Judge_AnArmThatIsBetter_FindsIt()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            (ExperimentVerdict Verdict, int Requests)? found = FirstWinner(seed, lift: 0.08, requests: 20_000);

            output.WriteLine($"seed {seed}: after {found?.Requests} requests: {found?.Verdict.Conclusion}");
            Assert.Equal("b", found?.Verdict.Winner);
            Assert.InRange(found!.Value.Requests, 200, 12_000);
        }
    }

    [Fact]
    public void Judge_AnEffectInOneSlice_NamesTheSlice()
    {
        Random random = new(7);
        ExperimentTally tally = new();
        for (int i = 0; i < 12_000; i++)
        {
            string arm = i % 2 == 0 ? "a" : "b",
                slice = i % 3 == 0 ? "language=de" : "language=en";
            double rate = arm == "b" && slice == "language=de" ? 0.1 : 0.4;
            tally.AddRequest(1, arm, $"caller-{i}");
            tally.AddValue(arm, random.NextDouble() < rate ? 1 : 0, [slice]);
        }

        ExperimentVerdict verdict = ExperimentJudge.Judge(Experiment, tally, DateTimeOffset.UnixEpoch, truncated: false);

        SliceEffect effect = Assert.Single(verdict.Slices, slice => slice.Different);
        Assert.Equal(("language=de", false), (effect.Slice, effect.Better));
        Assert.InRange(-0.3, effect.Low!.Value, effect.High!.Value);
    }

    [Fact]
    public void Judge_ArmsThatLoseCallers_AreNotTrusted()
    {
        Random random = new(3);
        ExperimentTally tally = new();
        for (int i = 0; i < 6_000; i++)
        {
            string arm = i % 2 == 0 ? "a" : "b";
            if (arm == "b" && i % 7 == 0)
            {
                continue;
            }
            for (int request = 0; request < 3; request++)
            {
                tally.AddRequest(1, arm, $"caller-{i}");
            }
            tally.AddValue(arm, random.NextDouble() < (arm == "b" ? 0.9 : 0.1) ? 1 : 0, []);
        }

        ExperimentVerdict verdict = ExperimentJudge.Judge(Experiment, tally, DateTimeOffset.UnixEpoch, truncated: false);

        Assert.False(verdict.SampleRatio.Trusted);
        Assert.Null(verdict.Winner);
        Assert.StartsWith("The arms do not get the callers that they are meant to get", verdict.Conclusion);
    }

    [Fact]
    public void Thompson_GivesTheBetterArmMore_AndNoArmLessThanItsLeast()
    {
        MeanTally worse = new(1_000, 0.10, 90),
            better = new(1_000, 0.14, 120);

        double[] weights = ThompsonSampler.Weigh([worse, better], moreIsBetter: true, seed: 1);

        Assert.Equal(1, weights.Sum(), 9);
        Assert.Equal(ThompsonSampler.LeastShare, weights[0], 0.02);
        Assert.Equal(weights, ThompsonSampler.Weigh([worse, better], moreIsBetter: true, seed: 1));
        Assert.Equal([0.5, 0.5], ThompsonSampler.Weigh([worse, new(99, 1, 0)], moreIsBetter: true, seed: 1));
    }

    /// <summary>The first look, of one after every 20 requests, at which an arm or a slice is called different.</summary>
    private static (ExperimentVerdict Verdict, int Requests)? FirstWinner(int seed, double lift, int requests)
    {
        Random random = new(seed);
        ExperimentTally tally = new();
        for (int i = 1; i <= requests; i++)
        {
            string arm = random.Next(2) == 0 ? "a" : "b";
            tally.AddRequest(1, arm, $"caller-{i}");
            tally.AddValue(
                arm,
                random.NextDouble() < 0.3 + (arm == "b" ? lift : 0) ? 1 : 0,
                [random.Next(2) == 0 ? "language=de" : "language=en"]
            );
            if (i % 20 != 0)
            {
                continue;
            }
            ExperimentVerdict verdict = ExperimentJudge.Judge(Experiment, tally, DateTimeOffset.UnixEpoch, truncated: false);
            if (verdict.Winner is not null || (lift == 0 && verdict.Slices.Any(slice => slice.Different)))
            {
                return (verdict, i);
            }
        }
        return null;
    }
}
