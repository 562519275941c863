using Serverless.Storage;

namespace Serverless.Validation.Golden.Drafts;

/// <summary>
/// Drafts in object storage: the items as they were drawn, which do not change, and beside them what people said of each. Thread-safe.
/// </summary>
public sealed class GoldenDrafts(GoldenSets golden, TimeProvider time)
{
    public const int MaxItems = 2_000;

    /// <summary>More than these are not under review at a time.</summary>
    public const int MaxDrafts = 100;

    private const int MaxDraftBytes = 4 << 20;
    private const int MaxLabel = 200;

    private readonly IObjectStore _store = golden.Store;

    /// <summary>The one that is there, with what was said of it, where the same was drawn before.</summary>
    /// <exception cref="GoldenException">There are too many drafts.</exception>
    public async Task<GoldenDraft> AddAsync(GoldenDraft draft, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        if (await FindAsync(draft.Id, cancellationToken) is { } before)
        {
            return before;
        }
        if ((await ListAsync(cancellationToken)).Items.Count >= MaxDrafts)
        {
            throw new GoldenException(
                GoldenFault.Conflict,
                $"{MaxDrafts} drafts are under review, which is all that are allowed; finish or remove one."
            );
        }
        await WriteItemsAsync(draft.Id, lines, cancellationToken);
        return (await DocumentOf(draft.Id).UpdateAsync(found => found ?? draft, cancellationToken))!.Value;
    }

    public Task<Listed<GoldenDraft>> ListAsync(CancellationToken cancellationToken) =>
        ListedDocuments.ReadAsync(
            _store.ListAsync(GoldenLayout.DraftsPrefix, cancellationToken),
            async (path, token) => (await new StoredDocument<GoldenDraft>(_store, path, MaxDraftBytes, time).ReadAsync(token))?.Value,
            MaxDrafts,
            cancellationToken
        );

    /// <summary>Null where there is none.</summary>
    public async Task<GoldenDraft?> FindAsync(string id, CancellationToken cancellationToken) =>
        GoldenDraft.IsId(id) ? (await DocumentOf(id).ReadAsync(cancellationToken))?.Value : null;

    /// <summary>The items as they were drawn.</summary>
    /// <exception cref="GoldenException">There is no such draft.</exception>
    public async Task<IReadOnlyList<GoldenItem>> ReadAsync(string id, CancellationToken cancellationToken) =>
        GoldenReader.Parse((await FindLinesAsync(id, cancellationToken) ?? throw Missing(id)).ToMemory());

    /// <summary>Says of an item whether it may be judged by, and what its label is to be.</summary>
    /// <param name="label">Null for the one that was drawn.</param>
    /// <exception cref="GoldenException">There is no such draft or item, or the label cannot be one.</exception>
    public async Task<GoldenDraft> ReviewAsync(
        string id,
        string item,
        GoldenReview review,
        string? label,
        string by,
        CancellationToken cancellationToken
    )
    {
        if (label is not null && (label.Length is 0 or > MaxLabel || label.Any(char.IsControl) || string.IsNullOrWhiteSpace(label)))
        {
            throw new GoldenException(
                GoldenFault.Invalid,
                $"label has {label.Length} characters; allowed are 1 to {MaxLabel} printable ones."
            );
        }
        if (!GoldenDraft.IsId(id))
        {
            throw Missing(id);
        }
        Stored<GoldenDraft>? stands = await DocumentOf(id)
            .UpdateAsync(
                found =>
                    found is null ? null
                    : found.Reviews.TryGetValue(item, out DraftReview? before)
                        ? Reviewed(found, item, before with { Review = review, Label = label, By = by, At = time.GetUtcNow() })
                    : throw new GoldenException(GoldenFault.Missing, $"The draft {id} has no item '{item}'."),
                cancellationToken
            );
        return stands?.Value ?? throw Missing(id);
    }

    /// <summary>Lines of a golden set: the items that were accepted, with the labels that people gave them.</summary>
    /// <exception cref="GoldenException">Nobody has looked at one of them, or none was accepted.</exception>
    public async Task<ReadOnlyMemory<byte>> FinishAsync(GoldenDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Count(GoldenReview.Open) is > 0 and int open)
        {
            throw new GoldenException(
                GoldenFault.Conflict,
                $"Nobody has looked at {open} of the {draft.Reviews.Count} items; accept or reject each of them first."
            );
        }
        if (draft.Count(GoldenReview.Accepted) == 0)
        {
            throw new GoldenException(GoldenFault.Conflict, $"None of the {draft.Reviews.Count} items was accepted.");
        }
        return GoldenLines.Write(AcceptedOf(draft, await ReadAsync(draft.Id, cancellationToken)));
    }

    /// <summary>False where there is none. Its pictures stay, for whoever knows what else mentions them.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (!GoldenDraft.IsId(id))
        {
            return false;
        }
        bool isThere = await _store.DeleteAsync(GoldenLayout.Draft(id), cancellationToken);
        return await _store.DeleteAsync(GoldenLayout.DraftItems(id), cancellationToken) || isThere;
    }

    /// <summary>All that have items, also those whose drawing was interrupted.</summary>
    internal async Task<IReadOnlyList<string>> ListStoredAsync(CancellationToken cancellationToken)
    {
        List<string> ids = [];
        await foreach (StoredObject found in _store.ListAsync(GoldenLayout.DraftItemsPrefix, cancellationToken))
        {
            ids.Add(Path.GetFileNameWithoutExtension(found.Path));
        }
        return [.. ids.Where(GoldenDraft.IsId)];
    }

    /// <summary>Of those whose items were stored before then, the ones that never became drafts.</summary>
    internal async Task<IReadOnlyList<string>> ListInterruptedAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        await foreach (StoredObject found in _store.ListAsync(GoldenLayout.DraftItemsPrefix, cancellationToken))
        {
            string id = Path.GetFileNameWithoutExtension(found.Path);
            if (
                found.LastModified < before
                && GoldenDraft.IsId(id)
                && await _store.FindAsync(GoldenLayout.Draft(id), cancellationToken) is null
            )
            {
                ids.Add(id);
            }
        }
        return ids;
    }

    /// <summary>Null where there is none.</summary>
    internal async Task<BinaryData?> FindLinesAsync(string id, CancellationToken cancellationToken) =>
        GoldenDraft.IsId(id) ? (await _store.ReadAsync(GoldenLayout.DraftItems(id), GoldenReader.MaxBytes, cancellationToken))?.Data : null;

    /// <summary>What is left of a draft once items went; nothing is left of one without items. May be repeated.</summary>
    internal async Task ReplaceAsync(string id, ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        if (rest.IsEmpty)
        {
            await RemoveAsync(id, cancellationToken);
            return;
        }
        HashSet<string> ids = [.. GoldenReader.Parse(rest).Select(item => item.Id)];
        await DocumentOf(id)
            .UpdateAsync(
                found =>
                    found is null || found.Reviews.Keys.All(ids.Contains)
                        ? found
                        : found with
                        {
                            Reviews = found.Reviews.Where(said => ids.Contains(said.Key)).ToDictionary(),
                        },
                cancellationToken
            );
        await WriteItemsAsync(id, rest, cancellationToken);
    }

    private static IEnumerable<GoldenItem> AcceptedOf(GoldenDraft draft, IReadOnlyList<GoldenItem> items)
    {
        foreach (GoldenItem item in items)
        {
            if (draft.Reviews.TryGetValue(item.Id, out DraftReview? said) && said.Review == GoldenReview.Accepted)
            {
                yield return item with
                {
                    Review = GoldenReview.Accepted,
                    Label = said.Label ?? item.Label,
                };
            }
        }
    }

    private static GoldenDraft Reviewed(GoldenDraft draft, string item, DraftReview review) =>
        draft with
        {
            Reviews = new Dictionary<string, DraftReview>(draft.Reviews) { [item] = review },
        };

    private async Task WriteItemsAsync(string id, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        using Stream body = BinaryData.FromBytes(lines).ToStream();
        await _store.WriteAsync(GoldenLayout.DraftItems(id), body, WriteCondition.Always, "application/jsonl", cancellationToken);
    }

    private StoredDocument<GoldenDraft> DocumentOf(string id) => new(_store, GoldenLayout.Draft(id), MaxDraftBytes, time);

    private static GoldenException Missing(string id) => new(GoldenFault.Missing, $"There is no draft '{id}'.");
}
