using Serverless.Alerts;
using Serverless.Alerts.Mail;
using Serverless.Alerts.Rules;
using Serverless.Unit.Alerts.Mail;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Alerts;

public sealed class AlertDeliveryTests(SharedServers servers)
{
    private static readonly AlertRuleChange Mailed = new(Routes: new AlertRoutes(Webhook: true, Mail: ["ada@example.org"]));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AllChangesOfALook_AreAnEventEach_AndOneMailAnAddress()
    {
        await using MailServer server = new();
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.SetRuleAsync("drift", Mailed);
        await rig.FindAsync("drift", "before");
        AlertDelivery delivery = rig.Delivery(server.Options);
        await delivery.RunAsync(Token);
        await rig.ToldAsync();
        server.Received.Clear();

        await rig.Book.ObserveAsync(
            [
                new AlertCondition("drift", "a", true, "a was found"),
                new AlertCondition("drift", "b", true, "b was found"),
                new AlertCondition("drift", "before", false, "well"),
            ],
            Token
        );
        await delivery.RunAsync(Token);
        await delivery.RunAsync(Token);

        IReadOnlyList<WebhookEvent> told = await rig.ToldAsync();
        Assert.Equal(
            ["alert.opened drift/a", "alert.opened drift/b", "alert.resolved drift/before"],
            told.Select(one => $"{one.Type} {one.Subject}").Order()
        );
        Assert.All(told, one => Assert.Equal("warning", one.Data.GetProperty("severity").GetString()));
        string mail = Assert.Single(server.Received);
        Assert.Contains("To: ada@example.org", mail, StringComparison.Ordinal);
        Assert.Contains("Subject: [warning] 1 resolved, 2 opened", mail, StringComparison.Ordinal);
        Assert.Contains("a was found", mail, StringComparison.Ordinal);
        Assert.Contains("/api/runbooks/drift", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MailThatIsNotTaken_IsTriedAgainWithGrowingPauses_AndLogged()
    {
        await using MailServer server = new() { IsFull = true };
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.SetRuleAsync("drift", Mailed);
        AlertDelivery delivery = rig.Delivery(server.Options);
        await rig.FindAsync("drift");

        await delivery.RunAsync(Token); // and again after 30 s
        string waiting = (await rig.Store.FindAsync(OpenAlerts.Path, Token))!.Version;
        await delivery.RunAsync(Token);
        Assert.Equal(waiting, (await rig.Store.FindAsync(OpenAlerts.Path, Token))!.Version);
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        await delivery.RunAsync(Token); // and again after 2 min
        server.IsFull = false;
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        await delivery.RunAsync(Token);
        Assert.Empty(server.Received);
        rig.Time.Advance(TimeSpan.FromSeconds(90));
        await delivery.RunAsync(Token);
        await delivery.RunAsync(Token);

        Assert.Single(server.Received);
        MailDelivery log = Assert.Single((await rig.Mails.ListAsync(10, Token)).Items);
        Assert.Equal(("ada@example.org", DeliveryState.Delivered), (log.To, log.State));
        Assert.Equal([true, true, false], log.Attempts.Select(attempt => attempt.Fault is not null));
        Assert.Contains("full", log.Attempts[0].Fault, StringComparison.Ordinal);
        Assert.Single(await rig.ToldAsync()); // the webhooks did not wait for the mail
        Assert.False(rig.Book.MayHaveOutbox);
    }

    [Fact]
    public async Task AProcessThatDiesBeforeItHasTold_LeavesItToTheNext()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.OpenBook().ObserveAsync([new AlertCondition("drift", "a", true, "found")], Token);

        await rig.Delivery().RunAsync(Token);

        Assert.Equal("alert.opened", Assert.Single(await rig.ToldAsync()).Type);
    }

    [Fact]
    public async Task AnEventThatIsToldAgain_HasTheSameId()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.SetRuleAsync("drift", new AlertRuleChange(RepeatAfter: TimeSpan.FromMinutes(5)));
        await rig.FindAsync("drift");
        AlertDispatch dispatch = Assert.Single((await rig.Book.ReadAsync(Token)).Outbox);
        AlertDelivery delivery = rig.Delivery();
        await delivery.RunAsync(Token);
        string first = Assert.Single(await rig.ToldAsync()).Id;
        await rig.FindAsync(TimeSpan.FromMinutes(5), "drift");
        await delivery.RunAsync(Token);

        WebhookEvent reminder = Assert.Single(await rig.ToldAsync());

        Assert.Equal(27, dispatch.Id.Length);
        Assert.Equal("alert.reminder", reminder.Type);
        Assert.NotEqual(first, reminder.Id);
    }
}
