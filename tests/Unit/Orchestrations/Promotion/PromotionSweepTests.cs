using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion;

/// <summary>What is left of promotions that nobody drives any more. A sweep takes the promotions of other tests for gone.</summary>
[Collection(nameof(PromotionSweepTests))]
public sealed class PromotionSweepTests(SharedServers servers)
{
    /// <summary>Half of the callers met a version that nobody watched any more, until somebody promoted another.</summary>
    [Fact]
    public async Task Promotion_WhoseRunWasTerminated_IsSweptUp_AndTheNextIsCalled()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.Plan = rig.Plan with { Approval = null };
        string first = await rig.BeginAsync(version: 2, key: "1");
        await rig.UntilAsync(first, "canary 50 %");
        string second = await rig.BeginAsync(version: 3, key: "2", queue: true);
        await rig.SettleAsync();
        string third = await rig.BeginAsync(version: 3, key: "3", queue: true);
        await rig.SettleAsync();
        await rig.Host.Client.TerminateInstanceAsync(first, PromotionRig.Cancellation);
        await rig.Host.Client.TerminateInstanceAsync(second, PromotionRig.Cancellation);
        await rig.SettleAsync();

        await SweepAsync(rig);

        Assert.Null((await rig.ServesAsync()).Canary);
        await rig.AssertHistoryAsync(HistoryEvent.Noted, $"Promotion {first}, ended: rolled back. The run was Terminated.");
        await rig.AssertHistoryAsync(HistoryEvent.Noted, $"Promotion {second}, ended: rejected. The run was Terminated.");
        await rig.SettleAsync(); // no time passes in which it would look by itself
        OrchestrationMetadata run = (await rig.Host.Client.GetInstanceAsync(third, getInputsAndOutputs: true, PromotionRig.Cancellation))!;
        Assert.NotEqual("turn", PromotionEnd.StatusOf(run)!.Stage);
    }

    /// <summary>An activity goes on after its run was terminated.</summary>
    [Fact]
    public async Task Sweep_OfCallersDividedAfterThePromotionHadLeft_GivesThemBack()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        PromotionTarget late = new(PromotionScheduler.IdOf(rig.Environment, rig.Model, "9"), rig.Environment, rig.Model, 2, 1);
        await rig.Get<PromotionTraffic>().SetAsync(late, weight: 0.5, mirrored: 0, PromotionRig.Cancellation);

        await SweepAsync(rig);

        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    /// <summary>Nobody watched the canary until somebody resumed the run, were it days later.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("trial-")]
    public async Task SuspendedInItsCanary_APromotionGivesItsCallersBack_AndEndsWhenItGoesOn(string prefix)
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.Plan = rig.Plan with { Shadow = null, Approval = null };
        string id = await rig.BeginAsync();
        await rig.UntilAsync(id, "canary 50 %");
        string suspended = prefix.Length == 0 ? id : $"trial-{id}-canary-50-percent";
        await SweepAsync(rig);
        Assert.NotNull((await rig.ServesAsync()).Canary);

        await rig.Host.Client.SuspendInstanceAsync(suspended, cancellation: PromotionRig.Cancellation);
        await rig.SettleAsync();
        await SweepAsync(rig);

        Assert.Equal((1, null, null, null), await rig.ServesAsync());
        await rig.Host.Client.ResumeInstanceAsync(suspended, cancellation: PromotionRig.Cancellation);
        PromotionStatus status = await rig.UntilAsync(id, "ended");
        Assert.Equal(PromotionVerdicts.RolledBack, status.Verdict);
        Assert.Equal("The rollout was ended meanwhile: by somebody, or since its run was suspended.", status.Reason);
        Assert.Equal((1, null, null, null), await rig.ServesAsync());
    }

    [Fact]
    public async Task SuspendedWhilePeopleDecide_APromotionGoesOnWhereItWas()
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        string id = await rig.BeginAsync();
        await rig.UntilAsync(id, "approval");

        await rig.Host.Client.SuspendInstanceAsync(id, cancellation: PromotionRig.Cancellation);
        await rig.SettleAsync();
        await SweepAsync(rig);
        await rig.Host.Client.ResumeInstanceAsync(id, cancellation: PromotionRig.Cancellation);

        Assert.Equal(PromotionVerdicts.Promoted, (await rig.PromoteAsync(id)).Verdict);
    }

    private static Task SweepAsync(PromotionRig rig) => rig.Get<PromotionGate>().SweepAsync(rig.Host.Client, PromotionRig.Cancellation);
}
