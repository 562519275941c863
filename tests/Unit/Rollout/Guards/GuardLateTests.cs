using Serverless.Rollout.Guards;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

/// <summary>A candidate that is as the stable version for four fifths of a step, at half of the traffic, and goes bad then.</summary>
public sealed class GuardLateTests
{
    private const int Requests = 20_000;
    private const int Last = Requests / 5;

    private static readonly GuardLimits Limits = new()
    {
        ErrorMargin = 0.02,
        InvalidMargin = 0.02,
        FeedbackMargin = 0.05,
        MaxErrorShare = 0.05,
        MinGoodShare = 0.8,
        MaxP95Milliseconds = 200,
    };

    /// <summary>So much of the last fifth is bad that the whole step stays within its limit, and the fifth is far beyond it.</summary>
    [Theory]
    [InlineData("errors", 0.09)]
    [InlineData("invalidOutputs", 0.09)]
    [InlineData("feedback", 0.25)]
    [InlineData("latencyP95", 0.15)]
    [InlineData("latencyP99", 0.04)]
    [InlineData("scoreDrift", 0.5)]
    [InlineData("maxErrorShare", 0.2)]
    [InlineData("minGoodShare", 0.4)]
    [InlineData("maxP95Milliseconds", 0.2)]
    public void Judge_OnlyTheLastFifthIsBad_ItsGuardSaysSoOfLate(string guard, double bad)
    {
        GuardTally seen = Step(guard, bad);
        GuardTally whole = new() { Stable = seen.Stable, Canary = seen.Canary };
        Guardrails guards = new(Limits, steps: 4);

        Assert.DoesNotContain(guards.Judge(whole).Findings, finding => finding.Guard == guard);
        GuardFinding found = Assert.Single(guards.Judge(seen).Findings, finding => finding.Guard == guard);
        Assert.StartsWith("Of late: ", found.Message);
        Assert.True(guards.Judge(seen).Readings.Single(reading => reading.Guard == guard).Evidence >= 1);
    }

    /// <summary>Nothing differs in the last fifth.</summary>
    [Fact]
    public void Judge_NoFifthIsBad_NothingIsFound() =>
        Assert.Empty(new Guardrails(Limits, steps: 4).Judge(Step("errors", bad: 0)).Findings);

    /// <summary>Reports come after what they are about: those that come late count as late.</summary>
    [Fact]
    public void Judge_BadOutcomesThatAreReportedLate_AreFound_WhereAllCallersMeetTheCandidate()
    {
        GuardTally seen = new() { Past = new StablePast(2_000, Until: null) };
        for (int i = 0; i < 2_000; i++)
        {
            Count(seen, isCanary: false, "feedback", isBad: i % 10 == 0);
        }
        for (int i = 0; i < 4_000; i++)
        {
            seen.Count(new ArmObservation(Failed: false, Invalid: false, 40, null), isCanary: true);
            seen.CountOutcome(bad: i < 3_200 ? i % 10 == 0 : i % 10 < 3, isCanary: true);
        }
        GuardTally whole = new() { Stable = seen.Stable, Canary = seen.Canary };

        Assert.Empty(new Guardrails(new GuardLimits(), steps: 1).Judge(whole).Findings);
        Assert.Equal("feedback", Assert.Single(new Guardrails(new GuardLimits(), steps: 1).Judge(seen).Findings).Guard);
    }

    /// <summary>Written before parts of a step had outcomes and scores: what they have counts, and they go on.</summary>
    [Fact]
    public void Judge_PartsOfAnEarlierRelease_AreRead_AndGoOn()
    {
        const string arm = """{"requests":16000,"failed":FAILED,"invalid":0,"outcomes":0,"badOutcomes":0,"latency":{"counts":{}}}""";
        const string part = """{"requests":REQUESTS,"failed":FAILED,"invalid":0,"latency":{"counts":{"139":REQUESTS}}}""";
        string well = part.Replace("FAILED", "0").Replace("REQUESTS", "15200"),
            lately = part.Replace("FAILED", "0").Replace("REQUESTS", "800"),
            bad = part.Replace("FAILED", "60").Replace("REQUESTS", "800");
        string stored =
            $"{{\"stable\":{arm.Replace("FAILED", "0")},\"canary\":{arm.Replace("FAILED", "60")},\"late\":{{\"blocks\":["
            + $"{{\"number\":0,\"stable\":{well},\"canary\":{well}}},{{\"number\":1,\"stable\":{lately},\"canary\":{bad}}}"
            + "],\"size\":15200,\"begun\":2}}";

        GuardTally read = StoredJson.Read<GuardTally>(BinaryData.FromString(stored));
        GuardFinding found = Assert.Single(new Guardrails(new GuardLimits(), steps: 4).Judge(read).Findings);
        Count(read, isCanary: true, "feedback", isBad: true);

        Assert.StartsWith("Of late: 7.5 % of the candidate's 800 requests failed", found.Message);
        Assert.Equal(
            (801L, 1L, 1L, 15_200L),
            (
                read.Late.Blocks[1].Canary.Requests,
                read.Late.Blocks[1].Canary.BadOutcomes,
                read.Late.Blocks[1].Canary.Scores.Total,
                read.Late.Blocks[0].Canary.Latency.Total
            )
        );
    }

    private static GuardTally Step(string guard, double bad)
    {
        GuardTally seen = new();
        double owed = 0;
        for (int i = 0; i < Requests; i++)
        {
            owed += i >= Requests - Last ? bad : 0;
            bool isBad = owed >= 1;
            owed -= isBad ? 1 : 0;
            Count(seen, isCanary: false, guard, isBad: false, i);
            Count(seen, isCanary: true, guard, isBad, i);
        }
        return seen;
    }

    /// <summary>
    /// One request and its outcome. Of ten one has a low score and a bad outcome; nothing else is bad but what its guard looks at.
    /// </summary>
    private static void Count(GuardTally seen, bool isCanary, string guard, bool isBad, int i = 1)
    {
        bool Is(params string[] guards) => isBad && guards.Contains(guard);
        seen.Count(
            new ArmObservation(
                Is("errors", "maxErrorShare"),
                Is("invalidOutputs"),
                Is("latencyP95", "latencyP99", "maxP95Milliseconds") ? 400 : 40 + (i % 7),
                Is("scoreDrift") || i % 10 == 0 ? 0.2 : 0.95
            ),
            isCanary
        );
        seen.CountOutcome(Is("feedback", "minGoodShare") || i % 10 == 0, isCanary);
    }
}
