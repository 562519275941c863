using Microsoft.Extensions.Logging;
using Serverless.Alerts.Mail;
using Serverless.Webhooks;

namespace Serverless.Alerts;

/// <summary>
/// Tells what the book has in its outbox. What is not taken is tried again at later looks, with growing pauses. For one caller at a time;
/// of two the receivers drop what comes twice.
/// </summary>
public sealed class AlertDelivery(
    AlertBook book,
    WebhookPublisher webhooks,
    MailSender mail,
    MailLog mails,
    TimeProvider time,
    ILogger<AlertDelivery> log
)
{
    /// <summary>Pauses from 30 seconds, growing fourfold up to an hour, make about five hours of it.</summary>
    private const int MaxAttempts = 9;

    private const int MaxAtOnce = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Costs nothing where the last look saw that there is nothing to tell.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!book.MayHaveOutbox)
        {
            return;
        }
        DateTimeOffset now = time.GetUtcNow();
        AlertDispatch[] due =
        [
            .. (await book.ReadAsync(cancellationToken)).Outbox.Where(one => one.NotBefore is null || one.NotBefore <= now).Take(MaxAtOnce),
        ];
        if (due.Length == 0)
        {
            return;
        }
        AlertDispatch?[] left = await Task.WhenAll(due.Select(dispatch => TryAsync(dispatch, cancellationToken)));
        await book.SettleAsync(due.Zip(left).ToDictionary(pair => pair.First.Id, pair => pair.Second), cancellationToken);
    }

    /// <summary>Null where it was taken or is given up.</summary>
    private async Task<AlertDispatch?> TryAsync(AlertDispatch dispatch, CancellationToken cancellationToken)
    {
        string? fault = dispatch.To is { } to
            ? await MailAsync(to, dispatch, cancellationToken)
            : await PublishAsync(dispatch, cancellationToken);
        int attempts = dispatch.Attempts + 1;
        if (fault is null)
        {
            return null;
        }
        log.DispatchFailed(dispatch.Id, dispatch.Changes.Count, attempts, fault);
        if (attempts == MaxAttempts)
        {
            return null;
        }
        double seconds = Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(4, attempts - 1));
        return dispatch with { Attempts = attempts, NotBefore = time.GetUtcNow().AddSeconds(seconds) };
    }

    /// <summary>Each alert is an event whose id stays the same however often it is tried.</summary>
    private async Task<string?> PublishAsync(AlertDispatch dispatch, CancellationToken cancellationToken)
    {
        try
        {
            foreach ((AlertChangeKind kind, Alert alert, _) in dispatch.Changes)
            {
                await webhooks.PublishAsync(
                    AlertTold.TypeOf(kind),
                    $"{alert.Rule}/{alert.Subject}",
                    $"{alert.Id} {alert.Reminders}",
                    AlertTold.Of(alert),
                    cancellationToken
                );
            }
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e.GetBaseException().Message;
        }
    }

    private async Task<string?> MailAsync(string to, AlertDispatch dispatch, CancellationToken cancellationToken)
    {
        if (!mail.IsOn)
        {
            return null; // rules may name addresses where no host is set
        }
        DateTimeOffset at = time.GetUtcNow();
        string? fault = await mail.SendAsync(MailText.Of(dispatch), to, cancellationToken);
        bool isLast = dispatch.Attempts + 1 == MaxAttempts;
        await mails.AddAsync(dispatch, new MailAttempt(at, fault), isLast, cancellationToken);
        return fault;
    }
}
