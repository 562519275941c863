using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Alerts;
using Serverless.Alerts.Mail;
using Serverless.Alerts.Rules;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Alerts;

/// <summary>Alerts over a bucket of their own, with a clock that stands still until it is moved.</summary>
internal sealed class AlertRig(IObjectStore store)
{
    private readonly S3WorkQueue _events = new((S3ObjectStore)store, "events", TimeProvider.System);
    private AlertBook? _book;
    private AlertRulebook? _rulebook;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IObjectStore Store => store;

    public ManualTime Time { get; } = new();

    public AlertRulebook Rulebook => _rulebook ??= new AlertRulebook(store, Time, NullLogger<AlertRulebook>.Instance);

    public AlertBook Book => _book ??= new AlertBook(store, Rulebook, Time, NullLogger<AlertBook>.Instance);

    public MailLog Mails { get; } = new(store);

    public static async Task<AlertRig> OpenAsync(SharedServers servers) => new(await TestBucket.OpenAsync(servers));

    /// <summary>What another process, or this one after a restart, has of the same store.</summary>
    public AlertBook OpenBook(IObjectStore? over = null) => new(over ?? store, Rulebook, Time, NullLogger<AlertBook>.Instance);

    public AlertDelivery Delivery(MailOptions? mail = null) =>
        new(
            Book,
            new WebhookPublisher(_events, Time),
            new MailSender(mail ?? new MailOptions(), TimeProvider.System),
            Mails,
            Time,
            NullLogger<AlertDelivery>.Instance
        );

    public async Task SetRuleAsync(string name, AlertRuleChange rule)
    {
        int revision = (await Rulebook.ReadAsync(Token)).Revision;
        await Rulebook.ReplaceAsync(revision, new Dictionary<string, AlertRuleChange> { [name] = rule }, "ada", "test", Token);
    }

    public Task<IReadOnlyList<AlertChange>> FindAsync(string rule, string subject = "a", bool active = true) =>
        Book.ObserveAsync([new AlertCondition(rule, subject, active, $"{subject} was found")], Token);

    /// <summary>The same some time later.</summary>
    public Task<IReadOnlyList<AlertChange>> FindAsync(TimeSpan later, string rule, string subject = "a", bool active = true)
    {
        Time.Advance(later);
        return FindAsync(rule, subject, active);
    }

    public async Task<IReadOnlyList<Alert>> OpenAlertsAsync() => (await Book.ListOpenAsync(Token)).Alerts;

    /// <summary>What was told to the webhooks since the last call.</summary>
    public async Task<IReadOnlyList<WebhookEvent>> ToldAsync()
    {
        List<WebhookEvent> told = [];
        foreach (WorkItem item in await _events.ReceiveAsync(32, TimeSpan.FromMinutes(1), Token))
        {
            told.Add(JsonSerializer.Deserialize<WebhookEvent>(item.Body, StoredJson.Options)!);
            await _events.CompleteAsync(item, Token);
        }
        return told;
    }
}
