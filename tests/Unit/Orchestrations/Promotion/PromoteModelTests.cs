using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Rollout.Guards;
using Serverless.Unit.Servers;
using Serverless.Validation.Reports;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion;

/// <summary>Whole promotions: each ends fully promoted, or serving exactly what served before.</summary>
[Collection(nameof(PromotionSweepTests))]
public sealed class PromoteModelTests(SharedServers servers)
{
    [Fact]
    public async Task Promotion_OfAGoodVersion_GoesThroughAllStepsAndServes()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        string id = await rig.BeginAsync();

        PromotionStatus status = await rig.PromoteAsync(id);

        Assert.Equal((PromotionVerdicts.Promoted, null), (status.Verdict, status.Reason));
        Assert.Equal(
            ["turn", "checks", "validation", "shadow", "approval", "canary 50 %", "canary 100 %", "alias"],
            status.Steps.Select(step => step.Name)
        );
        Assert.All(status.Steps, step => Assert.Equal(StepState.Passed, step.State));
        Assert.Equal((2, null, null, null), await rig.ServesAsync());
        Assert.Equal(["validation/1.json", $"differences/{id}-shadow.json", $"differences/{id}-canary.json"], status.Reports);
        await rig.AssertHistoryAsync(HistoryEvent.Moved, "Promotion " + id + ", approved by ana, li");
    }

    [Fact]
    public async Task Promotion_WhereNothingServes_NeedsNoTrafficToCompareWith()
    {
        await using PromotionRig rig = await PromotionRig.StartAsync(servers);
        string id = await rig.BeginAsync();

        PromotionStatus status = await rig.PromoteAsync(id);

        Assert.Equal(PromotionVerdicts.Promoted, status.Verdict);
        Assert.Equal(3, status.Steps.Count(step => step.State == StepState.Skipped));
        Assert.Equal(2, (await rig.ServesAsync()).Alias);
    }

    [Fact]
    public async Task Promotion_OfWhatServesAlready_ChangesNothing()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(version: 1), "ended");

        Assert.Equal(PromotionVerdicts.Promoted, status.Verdict);
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task Promotion_OfAVersionThatIsNotThere_IsRejected()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(version: 9), "ended");

        Assert.Equal((PromotionVerdicts.Rejected, $"Model '{rig.Model}' has no version 9."), (status.Verdict, status.Reason));
        Assert.Equal(StepState.Failed, status.Steps.Single(step => step.Name == "checks").State);
    }

    [Fact]
    public async Task Promotion_ThatFailsValidation_IsRejectedWithTheReasons()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.Validation = new ValidationResult(false, ["F1 is 0.71; at least 0.8 is needed."], [], "validation/1.json");

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(), "ended");

        Assert.Equal(
            (PromotionVerdicts.Rejected, "Validation failed: F1 is 0.71; at least 0.8 is needed."),
            (status.Verdict, status.Reason)
        );
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task Promotion_WhoseShadowDisagrees_IsRejectedBeforeAnybodyDecides()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.CandidateAgrees = false;

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(), "ended");

        Assert.Equal(PromotionVerdicts.Rejected, status.Verdict);
        Assert.StartsWith("The two versions disagree on 100 % of", status.Reason);
        Assert.Contains(status.Findings, finding => finding is { Guard: "disagreement", PValue: < 0.001 });
        Assert.EndsWith(
            "-shadow.json",
            Assert.Single(status.Reports, report => report.StartsWith("differences/", StringComparison.Ordinal))
        );
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task Promotion_ThatIsRefused_IsRejectedWithTheReason()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        string id = await rig.BeginAsync();
        await rig.UntilAsync(id, "approval");

        await rig.DecideAsync(id, "ana", approve: true);
        PromotionStatus status = await rig.DecideAsync(id, "li", approve: false, "not on a Friday");

        Assert.Equal((PromotionVerdicts.Rejected, "Refused by li: not on a Friday"), (status.Verdict, status.Reason));
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Theory]
    [InlineData(PromotionRig.Requester)] // nobody approves their own
    [InlineData("ana")] // one person is one approval
    [InlineData("mallory")]
    public async Task Promotion_ApprovedByWhoMayNot_GoesOnWaiting(string second)
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        string id = await rig.BeginAsync();
        await rig.UntilAsync(id, "approval");

        await rig.DecideAsync(id, "ana", approve: true);
        PromotionStatus status = await rig.DecideAsync(id, second, approve: true);

        Assert.Equal("approval", status.Stage);
        Assert.Equal(["ana"], status.Approvals.Select(given => given.By));
    }

    [Fact]
    public async Task Promotion_ThatNobodyApprovesInTime_IsRejected()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.Plan = rig.Plan with { Approval = new ApprovalStep { Within = TimeSpan.FromMinutes(30) } };

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(), "ended");

        Assert.Equal((PromotionVerdicts.Rejected, "0 of 1 approved within 00:30:00."), (status.Verdict, status.Reason));
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task Promotion_WhoseCanaryFails_IsRolledBackWithTheEvidence()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.CandidateFails = true;

        string id = await rig.BeginAsync();
        PromotionStatus status = await rig.PromoteAsync(id);

        Assert.Equal(PromotionVerdicts.RolledBack, status.Verdict);
        Assert.Contains("of the candidate's 100 requests failed", status.Reason);
        string step = StepNames.PathOf(status.Steps.Single(step => step.State == StepState.Failed).Name);
        GuardSeries series = (
            await rig.Get<PromotionWatches>()
                .FindAsync(new PromotionTarget(id, rig.Environment, rig.Model, 2, 1), step, PromotionRig.Cancellation)
        )!;
        GuardReading errors = series.Looks[^1].Readings.Single(reading => reading.Guard == "errors");
        Assert.True(errors is { Stable: 0, Canary: 1, Evidence: >= 1 }, $"{errors}");
        Assert.Contains(status.Findings, finding => finding.Guard == "errors");
        Assert.Contains($"differences/{id}-canary.json", status.Reports);
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
        await rig.AssertHistoryAsync(HistoryEvent.Noted, status.Reason!);
    }

    /// <summary>No caller meets the stable version any more: what it did before is what the candidate is compared with.</summary>
    [Theory, InlineData(true, PromotionVerdicts.RolledBack), InlineData(false, PromotionVerdicts.Promoted)]
    public async Task Promotion_OfAllCallersAtOnce_IsComparedWithTheStableVersionsPast(bool isSlow, string verdict)
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.CandidateIsSlow = isSlow;
        rig.Plan = rig.Plan with { Canary = [PromotionRig.Step(1)] };

        PromotionStatus status = await rig.PromoteAsync(await rig.BeginAsync());

        StepStatus step = status.Steps.Single(step => step.Name == "canary 100 %");
        Assert.Equal(verdict, status.Verdict);
        Assert.Matches(@"Compared with version 1's last \d{3,4} requests, until 20\d\d-\d\d-\d\d \d\d:\d\d UTC\.", step.Detail);
        Assert.Equal(isSlow, status.Findings.Any(finding => finding.Guard == "latency"));
    }

    [Fact]
    public async Task Promotion_WhoseStepsAskForFewRequests_WarnsWhoApproves()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(), "approval");

        Assert.Contains(
            "canary 50 %: 20 requests cannot show failures of 10 %, slower answers to 50 %; about ",
            status.Steps.Single(step => step.Name == "approval").Detail
        );
    }

    [Fact]
    public async Task Promotion_WithoutTraffic_EndsInTime()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        CanaryStep step = PromotionRig.Step(0.5) with
        {
            MinRequests = 1_000_000,
            Within = TimeSpan.FromMinutes(WatchVersion.LooksPerRun + 5),
        }; // the watch begins anew once
        rig.Plan = new PromotionPlan { Canary = [step] };

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(), "ended");

        Assert.Equal(PromotionVerdicts.RolledBack, status.Verdict);
        Assert.EndsWith("requests were seen within 00:55:00; needed are 1000000.", status.Reason);
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Theory]
    [InlineData("validation", PromotionVerdicts.Rejected)]
    [InlineData("shadow", PromotionVerdicts.Rejected)]
    [InlineData("approval", PromotionVerdicts.Rejected)]
    [InlineData("canary 50 %", PromotionVerdicts.RolledBack)]
    public async Task Promotion_Cancelled_EndsAsBefore(string stage, string verdict)
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        string id = await rig.BeginAsync();
        PromotionStatus status = await rig.UntilAsync(id, stage.StartsWith("canary", StringComparison.Ordinal) ? "approval" : stage);
        if (stage != status.Stage)
        {
            await rig.DecideAsync(id, "ana", approve: true);
            await rig.DecideAsync(id, "li", approve: true);
            await rig.UntilAsync(id, stage);
        }

        await rig.CancelAsync(id);
        status = await rig.UntilAsync(id, "ended");

        Assert.Equal((verdict, "Cancelled by ana: no time"), (status.Verdict, status.Reason));
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task Promotion_CancelledDuringValidation_CancelsThatToo()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        string id = await rig.BeginAsync();
        await rig.UntilAsync(id, "validation");

        await rig.CancelAsync(id);

        OrchestrationMetadata validation = (
            await rig.Host.Client.GetInstanceAsync($"validation-{id}", getInputsAndOutputs: true, PromotionRig.Cancellation)
        )!;
        Assert.Equal(["Cancelled by ana."], validation.ReadOutputAs<ValidationResult>()!.Reasons);
    }

    [Fact]
    public async Task Promotion_UnderWhichTheAliasIsMoved_StandsAside()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        string id = await rig.BeginAsync();
        await rig.UntilAsync(id, "shadow");

        await rig.Get<ModelAliases>()
            .MoveAsync(
                rig.Environment,
                rig.Model,
                new AliasMove(3, AliasExpectation.OfVersion(1), "ops", "restored"),
                PromotionRig.Cancellation
            );
        PromotionStatus status = await rig.UntilAsync(id, "ended");

        Assert.Equal(
            (PromotionVerdicts.Rejected, "The alias was moved meanwhile, from version 1 to version 3."),
            (status.Verdict, status.Reason)
        );
        Assert.Equal((3, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task Promotion_WhileTheHostCrashesAtEveryActivity_IsPromotedAllTheSame()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers, crashesEverywhere: true);

        PromotionStatus status = await rig.PromoteAsync(await rig.BeginAsync());

        Assert.Equal((PromotionVerdicts.Promoted, null), (status.Verdict, status.Reason));
        Assert.Equal((2, null, null, null), await rig.ServesAsync());
        Assert.InRange(rig.Crashes, 15, 200);
        Assert.Equal(1, await CountMovesAsync(rig, 2));
    }

    [Fact]
    public async Task Promotion_ThatFails_WhileTheHostCrashesAtEveryActivity_EndsAsBefore()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers, crashesEverywhere: true);
        rig.CandidateFails = true;

        PromotionStatus status = await rig.PromoteAsync(await rig.BeginAsync());

        Assert.Equal(PromotionVerdicts.RolledBack, status.Verdict);
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
        Assert.Equal(0, await CountMovesAsync(rig, 2));
    }

    [Fact]
    public async Task Promotions_OfOneModel_GoOneAfterTheOther()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.Plan = new PromotionPlan { Validation = true };
        string first = await rig.BeginAsync(version: 2, key: "1");
        await rig.UntilAsync(first, "validation");
        string second = await rig.BeginAsync(version: 3, key: "2", queue: true);
        string third = await rig.BeginAsync(version: 3, key: "3");

        PromotionStatus refused = await rig.UntilAsync(third, "ended");
        PromotionStatus waited = await rig.UntilAsync(second, "ended");

        Assert.Equal(
            (PromotionVerdicts.Rejected, $"Promotion '{first}' of the same model and environment is at work."),
            (refused.Verdict, refused.Reason)
        );
        Assert.Equal(PromotionVerdicts.Promoted, waited.Verdict);
        Assert.Equal(2, waited.Before);
        Assert.Equal((3, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task Promotion_WhoseRunWasTerminated_LeavesNothingToTheNext()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.Plan = rig.Plan with { Approval = null };
        string first = await rig.BeginAsync(version: 2, key: "1");
        await rig.UntilAsync(first, "canary 50 %");
        await rig.Host.Client.TerminateInstanceAsync(first, PromotionRig.Cancellation);

        PromotionStatus status = await rig.UntilAsync(await rig.BeginAsync(version: 3, key: "2"), "ended");

        Assert.Equal((PromotionVerdicts.Promoted, 1), (status.Verdict, status.Before));
        Assert.Equal((3, null, null, null), await rig.ServesAsync());
    }

    /// <summary>Half of the callers met a version that was deleted while people decided, and its watch failed for ten minutes.</summary>
    [Fact]
    public async Task Callers_AreNotDivided_ForAVersionThatWasDeletedMeanwhile()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        PromotionTarget gone = new(PromotionScheduler.IdOf(rig.Environment, rig.Model, "9"), rig.Environment, rig.Model, Version: 9, 1);

        string? refusal = await rig.Get<PromotionTraffic>().SetAsync(gone, weight: 0.5, mirrored: 1, PromotionRig.Cancellation);

        Assert.Equal($"Model '{rig.Model}' has no version 9 any more.", refusal);
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    private static async Task<int> CountMovesAsync(PromotionRig rig, int version) =>
        (await rig.Get<DeploymentHistory>().ListAsync(rig.Environment, rig.Model, PromotionRig.Cancellation)).Count(record =>
            record.Event == HistoryEvent.Moved && record.Version == version
        );
}
