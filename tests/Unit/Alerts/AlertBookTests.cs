using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Alerts;

public sealed class AlertBookTests(SharedServers servers)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly AlertRuleChange AtOnce = new(For: TimeSpan.Zero, ResolveAfter: TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsFoundAgain_IsOneAlert_AlsoAfterARestart()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);

        IReadOnlyList<AlertChange> first = await rig.FindAsync("drift");
        rig.Time.Advance(Minute);
        IReadOnlyList<AlertChange> second = await rig.OpenBook()
            .ObserveAsync([new AlertCondition("drift", "a", true, "worse", 2, 1)], Token);

        Assert.Equal(AlertChangeKind.Opened, Assert.Single(first).Kind);
        Assert.Empty(second);
        Alert alert = Assert.Single(await rig.OpenAlertsAsync());
        Assert.Equal((first[0].Alert.Id, "worse", 2d, 1d, 1), (alert.Id, alert.Summary, alert.Value, alert.Limit, alert.Occurrences));
        Assert.Equal(Minute, alert.LastSeen - alert.Opened);
    }

    [Fact]
    public async Task ARuleWithATime_OpensOnceFoundForSoLongAtEachLook()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.SetRuleAsync("drift", AtOnce with { For = Minute });

        Assert.Empty(await rig.FindAsync("drift"));
        Assert.Empty(await rig.FindAsync(Minute / 2, "drift", active: false));
        Assert.Empty(await rig.FindAsync(Minute / 2, "drift"));
        Assert.Empty(await rig.FindAsync(Minute / 2, "drift"));
        Assert.Single(await rig.FindAsync(Minute / 2, "drift"));
    }

    [Fact]
    public async Task AnAlert_EndsOnceNotFoundForSoLong_AndIsInTheHistory()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.SetRuleAsync("drift", AtOnce with { ResolveAfter = Minute });
        await rig.FindAsync("drift");

        Assert.Empty(await rig.FindAsync(Minute, "drift", active: false));
        Assert.Empty(await rig.FindAsync(Minute / 2, "drift")); // back before it ended
        Assert.Empty(await rig.FindAsync(Minute, "drift", active: false));
        AlertChange change = Assert.Single(await rig.FindAsync(Minute, "drift", active: false));

        Assert.Equal((AlertChangeKind.Resolved, 2), (change.Kind, change.Alert.Occurrences));
        Assert.Empty(await rig.OpenAlertsAsync());
        Alert kept = Assert.Single((await rig.Book.ListResolvedAsync(10, Token)).Items);
        Assert.Equal((change.Alert.Id, rig.Time.GetUtcNow()), (kept.Id, kept.Resolved));
        Assert.Equal(kept.Id, (await rig.Book.FindAsync(kept.Id, Token))!.Id);
    }

    [Fact]
    public async Task WhatALookDoesNotName_StaysAsItIs_UnlessTheLookIsWhole()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.SetRuleAsync("health", AtOnce);
        await rig.FindAsync("drift");
        await rig.FindAsync("health");

        Assert.Empty(await rig.Book.ObserveAsync([], Token));
        AlertChange ended = Assert.Single(await rig.Book.ObserveAsync([], ["health"], Token));

        Assert.Equal("health", ended.Alert.Rule);
        Assert.Equal("drift", Assert.Single(await rig.OpenAlertsAsync()).Rule);
    }

    [Fact]
    public async Task AMutedAlert_IsRecorded_AndToldWhenTheMuteEnds()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        DateTimeOffset until = rig.Time.GetUtcNow() + Minute;
        await rig.Book.MuteAsync(rule: null, "labels/*", until, "ada", "known", Token);

        AlertChange muted = Assert.Single(await rig.FindAsync("drift", "labels/3"));
        AlertChange other = Assert.Single(await rig.FindAsync("drift", "entities/1"));
        IReadOnlyList<AlertChange> meanwhile = await rig.FindAsync("drift", "labels/3");
        IReadOnlyList<AlertChange> after = await rig.FindAsync(Minute, "drift", "labels/3");

        Assert.Equal((true, false), (muted.IsMuted, other.IsMuted));
        Assert.Empty(meanwhile);
        AlertChange told = Assert.Single(after);
        Assert.Equal((AlertChangeKind.Opened, muted.Alert.Id, false), (told.Kind, told.Alert.Id, told.IsMuted));
        Assert.Empty(await rig.Book.ListMutesAsync(Token));
    }

    [Fact]
    public async Task AnAlertThatEndsWhileMuted_IsToldToNobody_UnlessItsOpeningWas()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.FindAsync("drift", "told");
        await rig.Book.MuteAsync("drift", null, rig.Time.GetUtcNow() + Minute, "ada", "known", Token);
        await rig.FindAsync("drift", "muted");

        AlertChange told = Assert.Single(await rig.FindAsync("drift", "told", active: false));
        AlertChange muted = Assert.Single(await rig.FindAsync("drift", "muted", active: false));

        Assert.Equal((false, true), (told.IsMuted, muted.IsMuted));
    }

    [Fact]
    public async Task AMuteThatWasTakenBack_LetsTheNextLookTell()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        AlertMute mute = await rig.Book.MuteAsync("drift", null, rig.Time.GetUtcNow() + Minute, "ada", "known", Token);
        await rig.FindAsync("drift");

        Assert.True(await rig.Book.UnmuteAsync(mute.Id, Token));
        Assert.False(await rig.Book.UnmuteAsync(mute.Id, Token));
        Assert.False(Assert.Single(await rig.FindAsync("drift")).IsMuted);
    }

    [Fact]
    public async Task Rejects_AMuteOfEverything_OrWithoutAnEnd_NamingAllFaults()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        DateTimeOffset late = rig.Time.GetUtcNow().AddDays(31);

        AlertException wide = await Assert.ThrowsAsync<AlertException>(() => rig.Book.MuteAsync(null, null, late, "ada", "x", Token));
        AlertException unknown = await Assert.ThrowsAsync<AlertException>(() =>
            rig.Book.MuteAsync("drifts", null, rig.Time.GetUtcNow(), "ada", "x", Token)
        );

        Assert.Equal(AlertFault.Invalid, wide.Fault);
        Assert.Contains("rule and subject are both missing", wide.Message, StringComparison.Ordinal);
        Assert.Contains("within 30 days", wide.Message, StringComparison.Ordinal);
        Assert.Contains("rule is 'drifts'", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAlertThatNobodyAcknowledges_IsToldAgain()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        TimeSpan hour = TimeSpan.FromHours(1);
        await rig.SetRuleAsync("drift", AtOnce with { RepeatAfter = hour });
        string id = (await rig.FindAsync("drift"))[0].Alert.Id;

        Assert.Empty(await rig.FindAsync(hour / 2, "drift"));
        AlertChange reminder = Assert.Single(await rig.FindAsync(hour / 2, "drift"));
        Alert acknowledged = await rig.Book.AcknowledgeAsync(id, "ada", "on it", Token);
        Assert.Empty(await rig.FindAsync(hour, "drift"));

        Assert.Equal((AlertChangeKind.Reminder, 1), (reminder.Kind, reminder.Alert.Reminders));
        Assert.Equal(("ada", "on it"), (acknowledged.AcknowledgedBy, acknowledged.AcknowledgedReason));
        AlertException again = await Assert.ThrowsAsync<AlertException>(() => rig.Book.AcknowledgeAsync(id, "eve", "me too", Token));
        Assert.Equal(AlertFault.Conflict, again.Fault);
    }

    [Fact]
    public async Task AnAlertResolvedByHand_IsInTheHistory_AndOpensAnewWhereItLasts()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        string id = (await rig.FindAsync("drift"))[0].Alert.Id;

        Alert resolved = await rig.Book.ResolveAsync(id, "ada", "expected", Token);
        AlertChange anew = Assert.Single(await rig.FindAsync(Minute, "drift"));

        AlertAct act = Assert.Single(resolved.Acts!);
        Assert.Equal(("resolved", "ada", "expected"), (act.Act, act.By, act.Reason));
        Assert.Equal(rig.Time.GetUtcNow() - Minute, (await rig.Book.FindAsync(id, Token))!.Resolved);
        Assert.NotEqual(id, anew.Alert.Id);
        AlertException missing = await Assert.ThrowsAsync<AlertException>(() => rig.Book.ResolveAsync(id, "ada", "twice", Token));
        Assert.Equal(AlertFault.Missing, missing.Fault);
    }

    [Fact]
    public async Task MoreAlertsThanAreKept_AreCountedAndNamed_AndOpenOnceThereIsRoom()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        AlertCondition[] many =
        [
            .. Enumerable.Range(0, OpenAlerts.MaxAlerts + 2).Select(i => new AlertCondition("drift", $"s{i}", true, "found")),
        ];

        await rig.Book.ObserveAsync(many, Token);
        (IReadOnlyList<Alert> open, string? beyond) = await rig.Book.ListOpenAsync(Token);
        await rig.FindAsync("drift", "s0", active: false);
        IReadOnlyList<AlertChange> next = await rig.Book.ObserveAsync(many[^2..], Token);

        Assert.Equal(OpenAlerts.MaxAlerts, open.Count);
        Assert.Contains("2 more wait, among them drift of s1000, drift of s1001", beyond, StringComparison.Ordinal);
        Assert.Equal("s1000", Assert.Single(next).Alert.Subject);
    }

    [Fact]
    public async Task TextsThatAreTooLong_AreCut_AndSayThatTheyAre()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);

        await rig.Book.ObserveAsync([new AlertCondition("drift", new string('s', 300), true, new string('t', 900))], Token);

        Alert alert = Assert.Single(await rig.OpenAlertsAsync());
        Assert.Equal((200, 500), (alert.Subject.Length, alert.Summary.Length));
        Assert.EndsWith("…", alert.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARuleThatIsSwitchedOff_OpensNothing_AndLetsEndWhatItOpened()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.FindAsync("drift");
        await rig.SetRuleAsync("drift", AtOnce with { Enabled = false });

        Assert.Equal(AlertChangeKind.Resolved, Assert.Single(await rig.FindAsync("drift")).Kind);
        Assert.Empty(await rig.FindAsync("drift"));
    }

    [Fact]
    public async Task TwoProcessesAtOnce_LoseNothing()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        AlertCondition shared = new("drift", "both", true, "found");
        AlertCondition Own(int i) => new("drift", $"own {i}", true, "found");

        IReadOnlyList<AlertChange>[] changes = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(i => rig.OpenBook().ObserveAsync([shared, Own(i)], Token))
        );

        Assert.Equal(3, changes.Sum(one => one.Count));
        Assert.Equal(["both", "own 0", "own 1"], (await rig.OpenAlertsAsync()).Select(alert => alert.Subject).Order());
    }

    [Fact]
    public async Task ALookThatChangesNothing_CostsOneRead_AndDeliveryNone()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        CountingStore counted = new(rig.Store);
        AlertRulebook rulebook = new(counted, rig.Time, NullLogger<AlertRulebook>.Instance);
        AlertBook book = new(counted, rulebook, rig.Time, NullLogger<AlertBook>.Instance);
        AlertCondition quiet = new("backlogAge", "queue", false, "nothing waits");
        await book.ObserveAsync([quiet], Token);
        counted.Reset();

        await book.ObserveAsync([quiet], Token);

        Assert.Equal((1, 0), (counted.Reads, counted.Writes));
        Assert.False(book.MayHaveOutbox);
    }

    [Fact]
    public async Task AnUnknownRule_IsRefused_NamingThoseThereAre()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => rig.FindAsync("drifts"));

        Assert.Contains("The rule is 'drifts'; known are drift, quality", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Closed alerts of the months before are found too.</summary>
    [Fact]
    public async Task TheHistory_IsListedOverMonths_TheLatestFirst()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        foreach (string subject in (string[])["old", "new"])
        {
            await rig.FindAsync(TimeSpan.FromDays(40), "drift", subject);
            await rig.FindAsync("drift", subject, active: false);
        }

        Listed<Alert> both = await rig.Book.ListResolvedAsync(10, Token);
        Listed<Alert> one = await rig.Book.ListResolvedAsync(1, Token);

        Assert.Equal(["new", "old"], both.Items.Select(alert => alert.Subject));
        Assert.Equal("new", Assert.Single(one.Items).Subject);
    }
}
