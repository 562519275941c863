using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Alerts.Rules;

public sealed class AlertRulebookTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutADocument_TheRulesAreThoseOfTheCode_AndAreAllowed()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);

        AlertRules rules = await rig.Rulebook.TakeAsync(Token);

        Assert.Equal((0, 30d), (rules.Revision, rules["backlogAge"].Limit));
        // What models may cost only the one who pays can say.
        Assert.All(KnownRule.All.Where(known => known.Name != "cost"), known =>
            Assert.Equal(known.LimitMeans is null, known.Default.Limit is null)
        );
    }

    [Fact]
    public async Task Replace_CountsTheRevision_AndKeepsTheOtherRulesAsTheCodeHasThem()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);

        AlertRules first = await rig.Rulebook.ReplaceAsync(0, Limit(10), "ada", "sooner", Token);
        AlertRules taken = await rig.Rulebook.TakeAsync(Token);
        AlertException late = await Assert.ThrowsAsync<AlertException>(() =>
            rig.Rulebook.ReplaceAsync(0, Limit(20), "eve", "later", Token)
        );

        Assert.Equal((1, "ada", "sooner"), (first.Revision, first.By, first.Reason));
        Assert.Equal((10d, 0.05), (taken["backlogAge"].Limit, taken["errorShare"].Limit));
        Assert.Equal(AlertRules.Default["backlogAge"] with { Limit = 10 }, taken["backlogAge"]);
        Assert.Equal(AlertFault.Conflict, late.Fault);
        Assert.Contains("revision 1, by ada; expected was 0", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replace_NamesAllFaultsAtOnce()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        Dictionary<string, AlertRuleChange> wrong = new()
        {
            ["backlog"] = new AlertRuleChange(),
            ["errorShare"] = new AlertRuleChange(Limit: 5, For: TimeSpan.FromDays(2), RepeatAfter: TimeSpan.FromSeconds(1)),
            ["drift"] = new AlertRuleChange(Limit: 1, Routes: new AlertRoutes(Mail: ["ada@example.org", "no address", "<b>@x>"])),
            ["latency"] = new AlertRuleChange(ResolveAfter: TimeSpan.FromSeconds(-1)),
        };

        AlertException refused = await Assert.ThrowsAsync<AlertException>(() => rig.Rulebook.ReplaceAsync(0, wrong, "ada", "all", Token));

        string[] expected =
        [
            "rules.backlog is no rule; expected are drift, quality",
            "rules.errorShare.limit is 5; expected are share of the requests",
            "rules.errorShare.for is 2.00:00:00; expected are 00:00:00 to 1.00:00:00.",
            "rules.errorShare.repeatAfter is 00:00:01; expected are 00:05:00 to 7.00:00:00, or none.",
            "rules.drift.limit is 1; expected is none",
            "rules.drift.routes.mail holds 'no address'",
            "rules.drift.routes.mail holds '<b>@x>'",
            "rules.latency.resolveAfter is -00:00:01",
        ];
        Assert.All(expected, fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("ada@example.org", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await rig.Rulebook.ReadAsync(Token)).Revision);
    }

    [Fact]
    public async Task Take_AfterSomebodyTornTheDocument_KeepsTheLastGoodRules()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.Rulebook.ReplaceAsync(0, Limit(10), "ada", "sooner", Token);
        using Stream body = new BinaryData("no json").ToStream();
        await rig.Store.WriteAsync("alerts/rules.json", body, WriteCondition.Always, StoredJson.ContentType, Token);
        rig.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(10, (await rig.Rulebook.TakeAsync(Token))["backlogAge"].Limit);
    }

    private static Dictionary<string, AlertRuleChange> Limit(double seconds) =>
        new() { ["backlogAge"] = new AlertRuleChange(Limit: seconds) };
}
