using Serverless.Storage;

namespace Serverless.Orchestrations.Promotion;

public enum TurnVerdict
{
    /// <summary>It is this promotion's turn.</summary>
    Go,

    /// <summary>Another one is at work; this one stands in the queue.</summary>
    Wait,

    /// <summary>Another one is at work, and this one does not wait or the queue is full.</summary>
    Refused,
}

/// <param name="Holder">The promotion whose turn it is.</param>
public sealed record PromotionTurn(TurnVerdict Verdict, string Holder, DateTimeOffset Since);

/// <summary>Whose turn it is, and who waits; the object <c>promotions/{environment}/{model}.json</c>.</summary>
internal sealed record QueueDocument(QueueEntry? Current, IReadOnlyList<QueueEntry> Waiting);

internal sealed record QueueEntry(string Promotion, DateTimeOffset Since);

/// <summary>
/// One promotion at a time for each model and environment, whatever instance it runs on. Entering and leaving again change nothing.
/// Thread-safe: every change is a compare-and-swap.
/// </summary>
public sealed class PromotionQueue(IObjectStore store, PromotionOptions options, TimeProvider time)
{
    private const string Prefix = "promotions/";
    private const int MaxDocumentBytes = 64 << 10;

    private static readonly QueueDocument Empty = new(null, []);

    public async Task<PromotionTurn> EnterAsync(PromotionTarget target, bool mayWait, CancellationToken cancellationToken)
    {
        QueueEntry entry = new(target.Promotion, time.GetUtcNow());
        QueueDocument stands = await UpdateAsync(
            target,
            document =>
            {
                bool known =
                    document.Current?.Promotion == target.Promotion
                    || document.Waiting.Any(waiting => waiting.Promotion == target.Promotion);
                if (known)
                {
                    return document;
                }
                if (document.Current is null)
                {
                    return document with { Current = entry };
                }
                return mayWait && document.Waiting.Count < options.MaxWaiting
                    ? document with
                    {
                        Waiting = [.. document.Waiting, entry],
                    }
                    : document;
            },
            cancellationToken
        );
        QueueEntry holder = stands.Current!;
        TurnVerdict verdict =
            holder.Promotion == target.Promotion ? TurnVerdict.Go
            : stands.Waiting.Any(waiting => waiting.Promotion == target.Promotion) ? TurnVerdict.Wait
            : TurnVerdict.Refused;
        return new PromotionTurn(verdict, holder.Promotion, holder.Since);
    }

    /// <summary>Gives the turn to the next, whose id is answered; null when nobody waits.</summary>
    public async Task<string?> LeaveAsync(PromotionTarget target, CancellationToken cancellationToken)
    {
        QueueDocument stands = await UpdateAsync(
            target,
            document =>
            {
                List<QueueEntry> waiting = [.. document.Waiting.Where(entry => entry.Promotion != target.Promotion)];
                if (document.Current?.Promotion != target.Promotion)
                {
                    return waiting.Count == document.Waiting.Count ? document : document with { Waiting = waiting };
                }
                return new QueueDocument(waiting.FirstOrDefault(), [.. waiting.Skip(1)]);
            },
            cancellationToken
        );
        return stands.Current?.Promotion;
    }

    /// <summary>Whose turn it is; null where nobody has one.</summary>
    public async Task<PromotionTurn?> FindTurnAsync(PromotionTarget target, CancellationToken cancellationToken) =>
        (await DocumentOf(PathOf(target)).ReadAsync(cancellationToken))?.Value.Current is { } holder
            ? new PromotionTurn(TurnVerdict.Go, holder.Promotion, holder.Since)
            : null;

    /// <summary>All that have a turn; of versions that the queue does not know.</summary>
    public async Task<IReadOnlyList<PromotionTarget>> ListHoldersAsync(CancellationToken cancellationToken)
    {
        Listed<PromotionTarget> holders = await ListedDocuments.ReadAsync(
            store.ListAsync(Prefix, cancellationToken),
            async (path, token) =>
                path[Prefix.Length..].Split('/') is [var environment, var file]
                && (await DocumentOf(path).ReadAsync(token))?.Value.Current is { } holder
                    ? new PromotionTarget(holder.Promotion, environment, Path.GetFileNameWithoutExtension(file), Version: 0, Before: null)
                    : null,
            int.MaxValue,
            cancellationToken
        );
        return holders.Items;
    }

    private async Task<QueueDocument> UpdateAsync(
        PromotionTarget target,
        Func<QueueDocument, QueueDocument> change,
        CancellationToken cancellationToken
    )
    {
        Stored<QueueDocument>? stands = await DocumentOf(PathOf(target))
            .UpdateAsync(
                before =>
                {
                    QueueDocument after = change(before ?? Empty);
                    return ReferenceEquals(after, Empty) ? before : after;
                },
                cancellationToken
            );
        return stands?.Value ?? Empty;
    }

    private StoredDocument<QueueDocument> DocumentOf(string path) => new(store, path, MaxDocumentBytes, time);

    private static string PathOf(PromotionTarget target) => $"{Prefix}{target.Environment}/{target.Model}.json";
}
