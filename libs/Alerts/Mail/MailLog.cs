using Serverless.Storage;
using Serverless.Webhooks;

namespace Serverless.Alerts.Mail;

/// <summary>One message about alerts, with every try to send it.</summary>
public sealed record MailDelivery(string Id, string To, string Subject, DeliveryState State, IReadOnlyList<MailAttempt> Attempts);

/// <param name="Fault">Null where the server took it.</param>
public sealed record MailAttempt(DateTimeOffset At, string? Fault);

/// <summary>What was mailed, the latest two hundred messages, each a small object. Thread-safe.</summary>
public sealed class MailLog(IObjectStore store)
{
    public const int MaxKept = 200;

    private const string Prefix = "alerts/mail/";
    private const int MaxBytes = 64 << 10;

    /// <summary>The latest first.</summary>
    public async Task<Listed<MailDelivery>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        List<StoredObject> found = await PathsAsync(cancellationToken);
        found.Reverse();
        return await ListedDocuments.ReadAsync(found.ToAsyncEnumerable(), ReadAsync, limit, cancellationToken);
    }

    internal async Task AddAsync(AlertDispatch dispatch, MailAttempt attempt, bool isLast, CancellationToken cancellationToken)
    {
        string path = $"{Prefix}{dispatch.Id}.json";
        IReadOnlyList<MailAttempt> before = dispatch.Attempts == 0 ? [] : (await ReadAsync(path, cancellationToken))?.Attempts ?? [];
        DeliveryState state =
            attempt.Fault is null ? DeliveryState.Delivered
            : isLast ? DeliveryState.Failed
            : DeliveryState.Pending;
        MailDelivery log = new(dispatch.Id, dispatch.To!, MailText.Of(dispatch).Subject, state, [.. before, attempt]);
        using Stream body = StoredJson.Write(log).ToStream();
        await store.WriteAsync(path, body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
        foreach (StoredObject old in (await PathsAsync(cancellationToken)).SkipLast(MaxKept))
        {
            await store.DeleteAsync(old.Path, cancellationToken);
        }
    }

    /// <summary>The oldest first, since names begin with the time.</summary>
    private async Task<List<StoredObject>> PathsAsync(CancellationToken cancellationToken)
    {
        List<StoredObject> found = [];
        await foreach (StoredObject one in store.ListAsync(Prefix, cancellationToken))
        {
            found.Add(one);
        }
        return found;
    }

    private async Task<MailDelivery?> ReadAsync(string path, CancellationToken cancellationToken) =>
        await store.ReadAsync(path, MaxBytes, cancellationToken) is { } content ? StoredJson.Read<MailDelivery>(content.Data) : null;
}
