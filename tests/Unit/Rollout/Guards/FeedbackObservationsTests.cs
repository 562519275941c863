using Serverless.Captures;
using Serverless.Rollout.Guards;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

/// <summary>Reports of outcomes as the guardrails count them.</summary>
public sealed class FeedbackObservationsTests
{
    private const int Stable = 1,
        Candidate = 2;

    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly PredictionSeal Seal = new(new byte[32]);

    /// <summary>A version whose labels were all wrong was promoted, since labels counted for nothing.</summary>
    [Fact]
    public void Labels_ThatAreAllWrong_BreakTheGuardrail()
    {
        GuardTally tally = new();
        for (int i = 0; i < 40; i++)
        {
            Add(tally, Report(Stable, "stable", answered: "cat", label: i % 10 == 0 ? "dog" : "cat"));
            Add(tally, Report(Candidate, "canary", answered: "dog", label: "cat"));
        }

        GuardFinding finding = Assert.Single(new Guardrails(new GuardLimits(), steps: 5).Judge(tally).Findings);

        Assert.Equal((4, 40, 40, 40), (tally.Stable.BadOutcomes, tally.Stable.Outcomes, tally.Canary.BadOutcomes, tally.Canary.Outcomes));
        Assert.Equal("feedback", finding.Guard);
    }

    /// <summary>Ratings from 1 to 5 are good from 4 on; a right label is right all the same.</summary>
    [Theory, InlineData(3.0, null, 1), InlineData(4.0, null, 0), InlineData(null, "cat", 0), InlineData(null, "dog", 1)]
    [InlineData(5.0, "dog", 0)]
    public void AValue_CountsBeforeALabel(double? value, string? label, int bad)
    {
        GuardTally tally = new();

        tally.Add(Report(Candidate, "canary", "cat", label, value), Stable, Candidate, new GuardLimits { GoodOutcomeFrom = 4 }, Now);

        Assert.Equal((1, bad), (tally.Canary.Outcomes, tally.Canary.BadOutcomes));
    }

    [Fact]
    public void Reports_ThatNobodyHasToBelieve_AndRepeatedOnes_CountAsUncounted()
    {
        GuardTally tally = new();
        CaptureRecord once = Report(Candidate, "canary", "cat", "dog");
        CaptureRecord invented = once with { PredictionId = "entities.2.prod.canary.x", Feedback = new FeedbackSummary(0, null, Now) };

        foreach (CaptureRecord record in new[] { once, once, once, invented, Report(Candidate, "canary", answered: null, "dog") })
        {
            Add(tally, record);
        }

        Assert.Equal((1, 1, 4), (tally.Canary.Outcomes, tally.Canary.BadOutcomes, tally.UncountedReports));
    }

    /// <summary>A canary that only met callers' mistakes was promoted as if it had answered them.</summary>
    [Theory]
    [InlineData(200, 1, 0), InlineData(503, 1, 1), InlineData(429, 1, 1), InlineData(499, 1, 1)]
    [InlineData(400, 0, 0), InlineData(404, 0, 0), InlineData(413, 0, 0), InlineData(422, 0, 0)]
    public void Predictions_RefusedForTheirCallersFaults_ShowNothing(int status, int requests, int failed)
    {
        GuardTally tally = new();

        Add(tally, Report(Candidate, "canary", "cat", label: null) with { Kind = CaptureKind.Prediction, Status = status });

        Assert.Equal((requests, failed, 1 - requests), (tally.Canary.Requests, tally.Canary.Failed, tally.RefusedRequests));
    }

    [Fact]
    public void Reported_TellsNewPredictionsFromKnownOnes()
    {
        ReportedPredictions reported = new();

        int counted = Enumerable.Range(0, 2_000).Count(i => reported.TryAdd($"prediction-{i}"));

        Assert.InRange(counted, 1_970, 2_000);
        Assert.DoesNotContain(Enumerable.Range(0, 2_000), i => reported.TryAdd($"prediction-{i}"));
    }

    private static void Add(GuardTally tally, CaptureRecord record) => tally.Add(record, Stable, Candidate, new GuardLimits(), Now);

    private static CaptureRecord Report(int version, string arm, string? answered, string? label, double? value = null)
    {
        PredictionId id = Seal.Seal(PredictionId.Create("labels", version, "prod", arm, Now), answered);
        return new CaptureRecord
        {
            Kind = CaptureKind.Feedback,
            PredictionId = id.ToString(),
            Time = Now,
            Model = id.Model,
            Version = version,
            Environment = id.Environment,
            Arm = arm,
            Feedback = new FeedbackSummary(value, label, Now, Seal.IsSealed(id), label is null ? null : Seal.Answered(id, label)),
        };
    }
}
