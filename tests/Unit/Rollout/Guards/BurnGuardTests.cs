using System.Text.Json;
using Serverless.Captures;
using Serverless.Rollout;
using Serverless.Rollout.Guards;
using Serverless.Statistics.Sequential;
using Serverless.Unit.Captures;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

/// <summary>A candidate that burns an error budget fast is turned back, where the stable version does not and enough was seen.</summary>
public sealed class BurnGuardTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 7, 12, 0, 0, TimeSpan.Zero);

    // 14.4 times the budgets of 0.1 % of requests and 1 % of answers.
    private static readonly BurnLimits Burn = new(0.0144, 0.144, 1_000);

    // The comparisons with the stable version are off, so that the budget alone speaks.
    private static readonly GuardLimits Limits = new()
    {
        ErrorMargin = null,
        LatencyRatio = null,
        MaxScoreShift = null,
        Burn = Burn,
    };

    [Theory]
    [InlineData(60, 2_000, 0, true)] // 3 % burn 30 times as fast
    [InlineData(60, 2_000, 60, false)] // as the stable version does
    [InlineData(2, 40, 0, false)] // 5 %, of too few to tell
    [InlineData(20, 2_000, 0, false)] // 1 % burns 10 times as fast
    public void Judge_FailuresThatBurnTheBudget(int failed, int requests, int failedOfStable, bool isBroken)
    {
        GuardTally seen = new() { Canary = Arm(requests, failed, slow: 0), Stable = Arm(2_000, failedOfStable, slow: 0) };

        GuardVerdict verdict = new Guardrails(Limits, steps: 4).Judge(seen);

        Assert.Equal(isBroken ? ["errorBudget"] : [], verdict.Findings.Select(finding => finding.Guard));
        Assert.All(verdict.Findings, finding =>
            Assert.Equal(
                "3 % of the candidate's 2000 requests failed; allowed is 1.44 % of all. "
                    + "That share would burn the error budget of the objective too fast; lately it is 3 % of 2000.",
                finding.Message
            )
        );
    }

    [Theory]
    [InlineData(400, 0, true)] // 20 % of the answers burn 20 times as fast
    [InlineData(400, 400, false)]
    [InlineData(200, 0, false)]
    public void Judge_SlowAnswersThatBurnTheBudget(int slow, int slowOfStable, bool isBroken)
    {
        GuardTally seen = new() { Canary = Arm(2_000, 0, slow), Stable = Arm(2_000, 0, slowOfStable) };

        GuardVerdict verdict = new Guardrails(Limits, steps: 4).Judge(seen);

        Assert.Equal(isBroken ? ["latencyBudget"] : [], verdict.Findings.Select(finding => finding.Guard));
    }

    /// <summary>A candidate that fails just as often as it may, looked at all the time.</summary>
    [Fact]
    public void Judge_AtTheLimit_KeepsTheFalseAlarmRate()
    {
        Guardrails guards = new(Limits with { FalseAlarmRate = 0.05 }, steps: 1);

        int alarms = Enumerable.Range(0, 100).Count(seed => IsEverBroken(guards, new Random(seed)));

        Assert.InRange(alarms, 0, 5);
    }

    /// <summary>Half an hour ago 10 % failed and were slow; the short window says whether that lasts.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(6, true)]
    public void Judge_WhatBurnedBefore_OnlyWhileItLasts(int failedLately, bool isBroken)
    {
        ArmTally canary = Arm(1_000, failed: 100, slow: 0);
        for (int i = 0; i < 200; i++)
        {
            bool isFailed = i < failedLately;
            Add(canary, new ArmObservation(isFailed, Invalid: false, isFailed ? null : 20, Score: null), Now.AddMinutes(30));
        }

        GuardVerdict verdict = new Guardrails(Limits, steps: 4).Judge(new GuardTally { Canary = canary, Stable = Arm(2_000, 0, 0) });

        Assert.Equal(isBroken ? ["errorBudget"] : [], verdict.Findings.Select(finding => finding.Guard));
        Assert.Equal(isBroken, verdict.Readings.Single(reading => reading.Guard == "errorBudget").Evidence >= 1);
    }

    /// <summary>Files of several processes are read one after the other, and a look's counts are kept for the next.</summary>
    [Fact]
    public void TheShortWindow_HasTheLastMinutes_InWhateverOrder_AndIsKept()
    {
        GuardTally seen = new();
        foreach (int minute in new[] { 9, 3, 8, 4, 5, 9, 6, 7 })
        {
            CaptureRecord record = TestCaptures.Prediction(Now.AddMinutes(minute), "m") with
            {
                Arm = ArmNames.Canary,
                Version = 2,
                Status = minute == 9 ? 503 : 200,
            };
            seen.Add(record, stable: 1, candidate: 2, Limits, warmUntil: Now);
        }

        RecentTally kept = JsonSerializer.Deserialize<GuardTally>(JsonSerializer.Serialize(seen))!.Canary.Lately;

        Assert.Equal([5, 6, 7, 8, 9], kept.Minutes.Select(minute => (int)(minute.Start - Now).TotalMinutes));
        Assert.Equal(new Rate(2, 6), kept.Failed);
    }

    [Fact]
    public void Judge_WithoutObjectives_KnowsNoBudget()
    {
        GuardTally seen = new() { Canary = Arm(2_000, 0, slow: 2_000), Stable = Arm(2_000, 0, slow: 0) };

        GuardVerdict verdict = new Guardrails(Limits with { Burn = null }, steps: 4).Judge(seen);

        Assert.Empty(verdict.Findings);
    }

    private static bool IsEverBroken(Guardrails guards, Random random)
    {
        const int requests = 3_000;
        const int every = 25;
        ArmTally canary = new();
        for (int i = 1; i <= requests; i++)
        {
            bool isFailed = random.NextDouble() < Burn.FailedShare;
            Add(canary, new ArmObservation(isFailed, Invalid: false, isFailed ? null : 20, Score: null), Now);
            if (i % every == 0 && guards.Judge(new GuardTally { Canary = canary }).Findings.Count > 0)
            {
                return true;
            }
        }
        return false;
    }

    private static ArmTally Arm(int requests, int failed, int slow)
    {
        ArmTally arm = new();
        for (int i = 0; i < requests; i++)
        {
            bool isFailed = i < failed;
            double milliseconds = i - failed < slow ? 1_500 : 20;
            Add(arm, new ArmObservation(isFailed, Invalid: false, isFailed ? null : milliseconds, Score: null), Now);
        }
        return arm;
    }

    private static void Add(ArmTally arm, ArmObservation seen, DateTimeOffset time)
    {
        arm.Add(seen);
        arm.Lately.Add(time, seen, Burn);
    }
}
