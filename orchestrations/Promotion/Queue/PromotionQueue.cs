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

    private async Task<QueueDocument> UpdateAsync(
        PromotionTarget target,
        Func<QueueDocument, QueueDocument> change,
        CancellationToken cancellationToken
    )
    {
        StoredDocument<QueueDocument> document = new(store, $"promotions/{target.Environment}/{target.Model}.json", MaxDocumentBytes, time);
        Stored<QueueDocument>? stands = await document.UpdateAsync(
            before =>
            {
                QueueDocument after = change(before ?? Empty);
                return ReferenceEquals(after, Empty) ? before : after;
            },
            cancellationToken
        );
        return stands?.Value ?? Empty;
    }
}
