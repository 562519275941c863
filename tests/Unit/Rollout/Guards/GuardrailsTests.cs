using Serverless.Rollout.Guards;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

/// <summary>
/// Simulated traffic from printed seeds: what keeps its limits is left alone however often one looks, what does not is found in time.
/// </summary>
public sealed class GuardrailsTests(ITestOutputHelper output)
{
    private static readonly string[] Languages = ["language=de", "language=en", "language=fr"];

    // A service as services are: few errors, log-normal times, peaked scores, versions that seldom disagree.
    private static readonly Traffic Healthy = new(
        ErrorRate: 0.002,
        InvalidRate: 0,
        MedianMilliseconds: 40,
        AddedMilliseconds: 0,
        Disagreement: 0.005,
        BadOutcomes: 0.1
    );

    [Fact]
    public void Judge_HealthyCandidates_LookedAtAllTheTime_KeepsTheFalseAlarmRate()
    {
        const int runs = 60;
        Guardrails guards = new(new GuardLimits { FalseAlarmRate = 0.05 }, steps: 1);

        int alarms = Enumerable
            .Range(0, runs)
            .Count(seed => RequestsToAlarm(guards, Healthy, new Random(seed), 3_000, weight: 0.2, every: 25).At is not null);

        output.WriteLine($"{alarms} of {runs}");
        Assert.InRange(alarms, 0, 7); // 5 % of 60 are 3; 8 or more would come by chance once in a hundred
    }

    /// <summary>Requests of the canary until the alarm, at 10 % of the traffic and the default error rate of 1 % over four steps.</summary>
    [Theory]
    [InlineData("errors", 60)]
    [InlineData("nan", 12)]
    [InlineData("slow", 15)]
    [InlineData("feedback", 800)]
    [InlineData("scores", 40)]
    public void Judge_AFault_IsFoundWithinSoManyRequests(string fault, int limit)
    {
        Traffic faulty = fault switch
        {
            "errors" => Healthy with { ErrorRate = 0.25 },
            "nan" => Healthy with { InvalidRate = 1 },
            "slow" => Healthy with { AddedMilliseconds = 200 },
            "feedback" => Healthy with { BadOutcomes = 0.3 },
            _ => Healthy with { ScoreShift = -0.3 },
        };
        string guard = fault switch
        {
            "errors" => "errors",
            "nan" => "invalidOutputs",
            "slow" => "latency",
            "feedback" => "feedback",
            _ => "scoreDrift",
        };
        Guardrails guards = new(new GuardLimits { MaxDisagreement = null }, steps: 4);

        for (int seed = 0; seed < 5; seed++)
        {
            (long? at, GuardFinding? finding) = RequestsToAlarm(
                guards,
                faulty,
                new Random(seed),
                20 * limit,
                weight: 0.1,
                every: 5,
                warm: 2_000
            );

            output.WriteLine($"seed {seed}: after {at} requests: {finding?.Message}");
            Assert.StartsWith(guard, finding?.Guard ?? "nothing");
            Assert.InRange(at!.Value, 1, limit);
        }
    }

    [Fact]
    public void Judge_WrongLabelsOnFivePercentOfASlice_AreFoundWithin2000MirroredRequestsOfTheSlice()
    {
        Guardrails guards = new(new GuardLimits(), steps: 4);
        for (int seed = 0; seed < 5; seed++)
        {
            Random random = new(seed);
            GuardTally tally = new();
            GuardFinding? finding = null;
            while (finding is null && tally.Mirror.Pairs < 30_000)
            {
                string slice = Languages[random.Next(Languages.Length)];
                double wrong = slice == "language=de" ? 0.05 : 0.001;
                tally.Mirror.Add(new ShadowObservation(random.NextDouble() < wrong, false, false, false, false, [slice]));
                if (tally.Mirror.Pairs % 20 == 0 && guards.Judge(tally).Findings is [var first, ..])
                {
                    finding = first;
                }
            }

            output.WriteLine($"seed {seed}: {finding?.Message}");
            Assert.Equal("language=de", finding?.Slice);
            Assert.InRange(tally.Mirror.Slices["language=de"].Total, 1, 2_000);
        }
    }

    [Fact]
    public void Judge_WithoutAnythingOfTheStableVersion_HoldsTheCandidateToTheMarginsAlone()
    {
        GuardTally tally = new() { Past = new StablePast(0, null) };
        for (int i = 0; i < 30; i++)
        {
            tally.Canary.Add(new ArmObservation(Failed: i % 3 == 0, false, 10, null));
        }

        GuardFinding finding = Assert.Single(new Guardrails(new GuardLimits(), 1).Judge(tally).Findings);

        Assert.Equal(
            "33.33 % of the candidate's 30 requests failed, and nothing is known of the stable version's; allowed is 0.5 % of all.",
            finding.Message
        );
    }

    /// <summary>The first request of all may be one that fails, as one in a hundred does.</summary>
    [Theory]
    [InlineData(10, 2, false), InlineData(30, 30, true)]
    public void Judge_BeforeTheFirstRequestOfTheStableVersion_TurnsBackWhatMostlyFails(int requests, int failing, bool isTurnedBack)
    {
        GuardTally tally = new();
        for (int i = 0; i < requests; i++)
        {
            tally.Canary.Add(new ArmObservation(Failed: i < failing, Invalid: false, 10, null));
            tally.Canary.AddOutcome(bad: true); // as its callers may see those of the stable version
        }

        GuardFinding[] findings = [.. new Guardrails(new GuardLimits(), 1).Judge(tally).Findings];

        Assert.Equal(isTurnedBack ? ["errors"] : [], findings.Select(finding => finding.Guard));
    }

    [Fact]
    public void Judge_WhatIsSwitchedOff_FindsNothing()
    {
        GuardTally tally = new();
        for (int i = 0; i < 500; i++)
        {
            tally.Canary.Add(new ArmObservation(Failed: true, Invalid: true, 1000, 5));
        }
        GuardLimits off = new()
        {
            ErrorMargin = null,
            InvalidMargin = null,
            LatencyRatio = null,
            MaxDisagreement = null,
            MaxScoreShift = null,
            FeedbackMargin = null,
        };

        Assert.Empty(new Guardrails(off, 1).Judge(tally).Findings);
    }

    /// <summary>In the morning people ask otherwise than at night, and get other scores.</summary>
    [Theory]
    [InlineData(0.5, new[] { "scoreDrift" }), InlineData(1, new string[0])]
    public void Judge_ScoresOtherThanTheStableVersions_CountOnlyWhereBothMeetCallers(double weight, string[] broken)
    {
        GuardTally tally = new();
        for (int i = 0; i < 500; i++)
        {
            tally.Stable.Add(new ArmObservation(Failed: false, Invalid: false, 10, 0.95));
            tally.Canary.Add(new ArmObservation(Failed: false, Invalid: false, 10, 0.6));
        }

        Assert.Equal(broken, new Guardrails(new GuardLimits().AtWeight(weight), 1).Judge(tally).Findings.Select(finding => finding.Guard));
    }

    private static (long? At, GuardFinding? Finding) RequestsToAlarm(
        Guardrails guards,
        Traffic candidate,
        Random random,
        int requests,
        double weight,
        int every,
        int warm = 0
    )
    {
        GuardTally tally = new();
        for (int i = 0; i < warm; i++)
        {
            Healthy.Request(tally.Stable, random);
        }
        for (int i = 1; i <= requests; i++)
        {
            if (random.NextDouble() < weight)
            {
                candidate.Request(tally.Canary, random);
            }
            else
            {
                Healthy.Request(tally.Stable, random);
            }
            candidate.Mirror(tally.Mirror, random);
            if (i % every == 0 && guards.Judge(tally).Findings is [var finding, ..])
            {
                return (tally.Canary.Requests, finding);
            }
        }
        return (null, null);
    }

    private sealed record Traffic(
        double ErrorRate,
        double InvalidRate,
        double MedianMilliseconds,
        double AddedMilliseconds,
        double Disagreement,
        double BadOutcomes
    )
    {
        public double ScoreShift { get; init; }

        public void Request(ArmTally arm, Random random)
        {
            bool failed = random.NextDouble() < ErrorRate;
            double milliseconds = AddedMilliseconds + (MedianMilliseconds * Math.Exp(0.3 * Normal(random)));
            double score = Math.Clamp(0.85 + ScoreShift + (0.1 * Normal(random)), 0, 1);
            arm.Add(new ArmObservation(failed, random.NextDouble() < InvalidRate, failed ? null : milliseconds, failed ? null : score));
            if (random.NextDouble() < 0.5)
            {
                arm.AddOutcome(random.NextDouble() < BadOutcomes);
            }
        }

        public void Mirror(ShadowTally mirror, Random random) =>
            mirror.Add(
                new ShadowObservation(
                    random.NextDouble() < Disagreement,
                    false,
                    false,
                    false,
                    false,
                    [Languages[random.Next(Languages.Length)]]
                )
            );

        private static double Normal(Random random) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
