using System.Text.Json;
using Serverless.Alerts.Mail;
using Serverless.Alerts.Rules;
using Serverless.Storage;
using Serverless.Webhooks;

namespace Serverless.Alerts;

/// <summary>What came of one way of telling.</summary>
/// <param name="Fault">Null where it was taken.</param>
public sealed record RouteOutcome(string Route, string To, string? Fault);

/// <summary>Sends an alert that is none through every route, at once and one time, and says what came of each. Thread-safe.</summary>
public sealed class AlertTest(
    WebhookStore subscriptions,
    WebhookSender webhooks,
    MailSender mail,
    MailLog mails,
    AlertRulebook rulebook,
    TimeProvider time
)
{
    private const string Rule = "test";

    public async Task<IReadOnlyList<RouteOutcome>> RunAsync(string by, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        Alert alert = new(AlertId.Of(now, by), Rule, "alerts", AlertSeverity.Info, now, now, $"{by} tests whether alerts arrive.");
        AlertRules rules = await rulebook.TakeAsync(cancellationToken);
        IEnumerable<string> addresses = KnownRule
            .All.SelectMany(rule => rules[rule.Name].Routes.Mail ?? [])
            .Distinct(StringComparer.OrdinalIgnoreCase);
        string opened = AlertTold.TypeOf(AlertChangeKind.Opened);
        WebhookEvent told = new(alert.Id, opened, Rule, now, JsonSerializer.SerializeToElement(AlertTold.Of(alert), StoredJson.Options));
        IEnumerable<WebhookSubscription> wanting = (await subscriptions.ListAsync(cancellationToken)).Items.Where(one => one.Wants(opened));
        return await Task.WhenAll(
            wanting
                .Select(one => PostAsync(one, told, cancellationToken))
                .Concat(addresses.Select(to => MailAsync(to, alert, now, cancellationToken)))
        );
    }

    private async Task<RouteOutcome> PostAsync(WebhookSubscription to, WebhookEvent told, CancellationToken cancellationToken)
    {
        DeliveryAttempt attempt = await webhooks.SendAsync(to, told, cancellationToken);
        DeliveryState state = attempt.Fault is null ? DeliveryState.Delivered : DeliveryState.Failed;
        await subscriptions.LogAsync(new WebhookDelivery(to.Id, told, Round: 1), state, attempt, cancellationToken);
        return new RouteOutcome("webhook", $"{to.Id} ({to.Url.Host})", attempt.Fault);
    }

    /// <summary>Tried once, and logged like any other.</summary>
    private async Task<RouteOutcome> MailAsync(string to, Alert alert, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!mail.IsOn)
        {
            return new RouteOutcome("mail", to, "no mail server is set (Mail:Host)");
        }
        AlertDispatch dispatch = new(AlertId.Of(now, to), to, now, [new AlertChange(AlertChangeKind.Opened, alert)]);
        string? fault = await mail.SendAsync(MailText.Of(dispatch), to, cancellationToken);
        await mails.AddAsync(dispatch, new MailAttempt(now, fault), isLast: true, cancellationToken);
        return new RouteOutcome("mail", to, fault);
    }
}
