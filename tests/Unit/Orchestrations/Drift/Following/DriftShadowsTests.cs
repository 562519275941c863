using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Drift.Following;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift.Following;

public sealed class DriftShadowsTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start.AddHours(1));
    private readonly DriftOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAlarm_OpensAShadowOfWhatServedBefore_Once_AndNotesIt()
    {
        await using RegistryRig rig = await OpenAsync();
        DriftRig drift = DriftRig.Of(rig, _options, _time);

        DriftDecision first = await DecideAsync(drift, rig, hour: 1);
        DriftDecision again = await DecideAsync(drift, rig, hour: 1);
        DriftDecision soon = await DecideAsync(drift, rig, hour: 2);

        RolloutRecord record = (await drift.Rollouts.FindAsync("prod", rig.Name, Token))!;
        HistoryRecord noted = Assert.Single(await rig.History.ListAsync("prod", rig.Name, Token), one => one.Event == HistoryEvent.Noted);
        Assert.Equal((true, true, false), (first.Done, again.Done, soon.Done));
        Assert.Equal("Version 1 gets copies of 20% of the requests for 1.00:00:00.", first.Reason);
        Assert.Contains("A shadow was opened at 2030-01-07 01:00:00Z, less than 1.00:00:00 ago (Drift:CoolDown).", soon.Reason);
        Assert.Equal((new ShadowTap(1, 0.2), 2, null), (record.Shadow, record.Stable, record.Owner));
        Assert.Equal("drift", noted.By);
        Assert.Contains("input.length shifted by 0.5 (limit 0.1). Version 1 gets copies", noted.Why);
        ShadowInput watched = Assert.IsType<ShadowInput>(Assert.Single(drift.Started).Value);
        Assert.Equal(new PromotionTarget(record.Salt, "prod", rig.Name, 1, 2), watched.Target);
    }

    [Fact]
    public async Task AShadow_EndsAlone_ButNotOnceAPromotionHasTakenItsPlace()
    {
        await using RegistryRig rig = await OpenAsync();
        DriftRig drift = DriftRig.Of(rig, _options, _time);
        await DecideAsync(drift, rig, hour: 1);
        PromotionTarget shadow = ((ShadowInput)Assert.Single(drift.Started).Value).Target;
        PromotionTraffic traffic = new(drift.Rollouts, rig.Aliases, rig.Registry);
        PromotionTarget promotion = new("promotion-prod-x", "prod", rig.Name, 1, 2);

        Assert.Null(await traffic.SetAsync(promotion, weight: 0.1, mirrored: 1, Token));
        bool taken = await drift.Shadows.CloseAsync(shadow, Token);
        RolloutRecord held = (await drift.Rollouts.FindAsync("prod", rig.Name, Token))!;
        await traffic.ReleaseAsync(promotion, Token);
        _time.Advance(TimeSpan.FromDays(2));
        await DecideAsync(drift, rig, hour: 2);
        bool ended = await drift.Shadows.CloseAsync(((ShadowInput)drift.Started.Last().Value).Target, Token);

        Assert.Equal((false, true), (taken, ended));
        Assert.Equal(("promotion-prod-x", new ShadowTap(1, 1)), (held.Owner, held.Shadow));
        Assert.True((await drift.Rollouts.FindAsync("prod", rig.Name, Token))!.IsIdle);
    }

    /// <summary>Somebody terminated the run that was to end it.</summary>
    [Fact]
    public async Task AShadow_WhoseRunHasEnded_IsClosed_AndOpensAnew()
    {
        _options.CoolDown = TimeSpan.Zero;
        await using RegistryRig rig = await OpenAsync();
        DriftRig drift = DriftRig.Of(rig, _options, _time);
        await DecideAsync(drift, rig, hour: 1);
        string run = Assert.Single(drift.Started).Key;
        _time.Advance(TimeSpan.FromHours(1));

        drift.Stand(run, OrchestrationRuntimeStatus.Running);
        await drift.Shadows.CloseAbandonedAsync(drift.Client, "prod", rig.Name, Token);
        bool lasts = (await drift.Rollouts.FindAsync("prod", rig.Name, Token))!.Shadow is not null;
        DriftDecision held = await DecideAsync(drift, rig, hour: 2);
        drift.Stand(run, OrchestrationRuntimeStatus.Terminated);
        await drift.Shadows.CloseAbandonedAsync(drift.Client, "prod", rig.Name, Token);
        bool idle = (await drift.Rollouts.FindAsync("prod", rig.Name, Token))!.IsIdle;
        DriftDecision anew = await DecideAsync(drift, rig, hour: 3);

        Assert.Equal((true, false, true, true), (lasts, held.Done, idle, anew.Done));
    }

    [Fact]
    public async Task Traffic_ThatIsHeld_GetsNoShadow()
    {
        await using RegistryRig rig = await OpenAsync();
        DriftRig drift = DriftRig.Of(rig, _options, _time);
        await new PromotionTraffic(drift.Rollouts, rig.Aliases, rig.Registry).SetAsync(
            new PromotionTarget("promotion-prod-x", "prod", rig.Name, 1, 2),
            weight: 0.1,
            mirrored: 0,
            Token
        );

        DriftDecision decision = await DecideAsync(drift, rig, hour: 1);

        Assert.Equal((false, $"The traffic of '{rig.Name}' in prod is held by 'promotion-prod-x'."), (decision.Done, decision.Reason));
        Assert.Empty(drift.Started);
    }

    /// <summary>The newest is a version that serves nowhere yet; of one that is the newest itself there is none.</summary>
    [Fact]
    public async Task TheNewestVersion_GetsTheShadow_WhereThePolicySaysSo()
    {
        _options.Shadow.Version = DriftShadowVersion.Newest;
        await using RegistryRig rig = await OpenAsync();
        DriftRig drift = DriftRig.Of(rig, _options, _time);

        DriftDecision none = await DecideAsync(drift, rig, hour: 1);
        await rig.RegisterAsync("topics");
        DriftDecision newer = await DecideAsync(drift, rig, hour: 2);

        Assert.Equal((false, $"No version of '{rig.Name}' is newer than 2."), (none.Done, none.Reason));
        Assert.StartsWith("Version 3 gets copies", newer.Reason);
    }

    /// <summary>Version 2 serves, after version 1.</summary>
    private async Task<RegistryRig> OpenAsync()
    {
        RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        await rig.RegisterAsync("labels");
        await rig.RegisterAsync("text-mean");
        await rig.Aliases.MoveAsync("prod", rig.Name, new AliasMove(1, AliasExpectation.Nothing, "ada", "because"), Token);
        await rig.Aliases.MoveAsync("prod", rig.Name, new AliasMove(2, AliasExpectation.OfVersion(1), "ada", "because"), Token);
        return rig;
    }

    private Task<DriftDecision> DecideAsync(DriftRig drift, RegistryRig rig, int hour)
    {
        DriftSubject subject = new("prod", rig.Name, 2);
        DriftWindow window = new(Start.AddHours(hour - 1), Start.AddHours(hour));
        DriftCheckRequest request = new(subject, window, DriftReference.Pinned, DriftLikeness.Any);
        DriftReport report = DriftRig.ReportOf(request, DriftVerdict.Alarm, "input.length", _time.GetUtcNow());
        return drift.Shadows.DecideAsync(drift.Client, subject, report, Token);
    }
}
