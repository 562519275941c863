using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Drift;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift;

public sealed class DriftFollowingTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly DriftOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_AnAlarm_OpensAnAlert_ThatASteadyWindowEnds()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        (DriftFollowing following, DriftStore drift, AlertBook book) = await OpenAsync(rig);

        IReadOnlyList<DriftDecision> alarmed = await FollowAsync(following, drift, rig, hour: 1, DriftVerdict.Alarm);
        Alert opened = Assert.Single((await book.ListOpenAsync(Token)).Alerts);
        await FollowAsync(following, drift, rig, hour: 2, DriftVerdict.Shifted);
        await FollowAsync(following, drift, rig, hour: 3, DriftVerdict.NotEnoughData);
        Assert.Single((await book.ListOpenAsync(Token)).Alerts);
        await FollowAsync(following, drift, rig, hour: 4, DriftVerdict.Steady);

        Assert.Equal(("alert", true), (alarmed[0].Action, alarmed[0].Done));
        Assert.Equal(("drift", $"{rig.Name}/1 in prod"), (opened.Rule, opened.Subject));
        Assert.Equal("input.length shifted by 0.5 (limit 0.1)", opened.Summary);
        Assert.Empty((await book.ListOpenAsync(Token)).Alerts);
    }

    /// <summary>Rolled back, or replaced by what was trained since.</summary>
    [Fact]
    public async Task AnAlert_OfAVersionThatServesNoLonger_Ends()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        (DriftFollowing following, DriftStore drift, AlertBook book) = await OpenAsync(rig);
        await FollowAsync(following, drift, rig, hour: 1, DriftVerdict.Alarm);
        DriftSubject serving = new("prod", rig.Name, 1);

        await following.EndOthersAsync("prod", [serving], Token);
        await following.EndOthersAsync("qa", [], Token);
        int kept = (await book.ListOpenAsync(Token)).Alerts.Count;
        await following.EndOthersAsync("prod", [serving with { Version = 2 }], Token);

        Assert.Equal(1, kept);
        Assert.Empty((await book.ListOpenAsync(Token)).Alerts);
    }

    /// <summary>It says nothing of the inputs, whose alert stays.</summary>
    [Fact]
    public async Task Follow_AnAlarmOfFeedback_IsAboutQuality()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        (DriftFollowing following, DriftStore drift, AlertBook book) = await OpenAsync(rig);

        await FollowAsync(following, drift, rig, hour: 1, DriftVerdict.Alarm);
        await FollowAsync(following, drift, rig, hour: 2, DriftVerdict.Alarm, feature: "feedback.correct");
        string[] both = [.. (await book.ListOpenAsync(Token)).Alerts.Select(alert => alert.Rule)];
        await FollowAsync(following, drift, rig, hour: 3, DriftVerdict.Steady, feature: "feedback.correct");

        Assert.Equal(["drift", "quality"], both.Order(StringComparer.Ordinal));
        Assert.Equal("drift", Assert.Single((await book.ListOpenAsync(Token)).Alerts).Rule);
    }

    /// <summary>Once in the cool-down, and the version that serves alone. A report that is followed again gives what was decided.</summary>
    [Fact]
    public async Task Follow_AnAlarm_RollsBack_AndSaysWhyNotWhereItDoesNot()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        (DriftFollowing following, DriftStore drift, _) = await OpenAsync(rig);
        await rig.RegisterAsync("labels");
        await rig.RegisterAsync("text-mean");
        await MoveAsync(rig, 1, AliasExpectation.Nothing);
        await MoveAsync(rig, 2, AliasExpectation.OfVersion(1));

        DriftDecision done = await RollBackAsync(hour: 1);
        DriftDecision again = await RollBackAsync(hour: 1);
        DriftDecision gone = await RollBackAsync(hour: 2);
        await MoveAsync(rig, 2, AliasExpectation.OfVersion(1));
        DriftDecision soon = await RollBackAsync(hour: 3);
        _time.Advance(TimeSpan.FromHours(25));
        DriftDecision later = await RollBackAsync(hour: 4);

        Assert.Equal((true, "Version 1 serves again."), (done.Done, done.Reason));
        Assert.Equal(done, again);
        Assert.Equal((false, "Version 2 does not serve any more; 1 does."), (gone.Done, gone.Reason));
        Assert.False(soon.Done);
        Assert.Contains("less than 1.00:00:00 ago (Drift:CoolDown)", soon.Reason);
        Assert.True(later.Done);
        Assert.Equal(1, (await rig.Aliases.FindAsync("prod", rig.Name, Token))!.Version);

        async Task<DriftDecision> RollBackAsync(int hour) =>
            Assert.Single(
                await FollowAsync(following, drift, rig, hour, DriftVerdict.Alarm, DriftFollowUp.RollBack, version: 2),
                decision => decision.Action == "rollBack"
            );
    }

    private static Task<ModelAlias?> MoveAsync(RegistryRig rig, int version, AliasExpectation expected) =>
        rig.Aliases.MoveAsync("prod", rig.Name, new AliasMove(version, expected, "ada", "because"), Token);

    private async Task<(DriftFollowing Following, DriftStore Drift, AlertBook Book)> OpenAsync(RegistryRig rig)
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        DriftStore drift = new(store, _time);
        AlertBook book = new(
            store,
            new AlertRulebook(store, _time, NullLogger<AlertRulebook>.Instance),
            _time,
            NullLogger<AlertBook>.Instance
        );
        DriftRig follow = DriftRig.Of(rig, _options, _time);
        return (new DriftFollowing(drift, book, follow.Retraining, follow.Rollback, follow.Shadows, _time), drift, book);
    }

    private async Task<IReadOnlyList<DriftDecision>> FollowAsync(
        DriftFollowing following,
        DriftStore drift,
        RegistryRig rig,
        int hour,
        DriftVerdict verdict,
        DriftFollowUp followUp = DriftFollowUp.Alert,
        int version = 1,
        string feature = "input.length"
    )
    {
        DriftSubject subject = new("prod", rig.Name, version);
        DriftWindow window = new(Start.AddHours(hour), Start.AddHours(hour + 1));
        DriftCheckRequest request = new(subject, window, DriftReference.Pinned, DriftLikeness.Any);
        await drift.AddReportAsync(subject, ReportOf(request, verdict, feature), Token);
        return await following.FollowAsync(null!, new DriftCheckInput(request, [followUp]), Token);
    }

    private DriftReport ReportOf(DriftCheckRequest request, DriftVerdict verdict, string feature) =>
        DriftRig.ReportOf(request, verdict, feature, _time.GetUtcNow());
}
