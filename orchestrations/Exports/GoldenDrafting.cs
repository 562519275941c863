using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Media;
using Serverless.Packages;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Orchestrations.Exports;

/// <summary>
/// Draws a draft of a golden set: of texts, or where the export has none of pictures that were uploaded and of keyframes of films. Pictures
/// are kept as they were analysed, at most so many and so large. Thread-safe.
/// </summary>
public sealed class GoldenDrafting(
    GoldenDraw draw,
    UploadedPictures uploads,
    UploadedKeyframes keyframes,
    GoldenSets golden,
    GoldenDrafts drafts,
    GoldenPictures pictures,
    ErasedItems erased,
    TimeProvider time
)
{
    /// <summary>Of one draft.</summary>
    public const int MaxPictures = 500;

    public const string Unreadable = "pictures that cannot be read";
    public const string Unversioned = "rows that do not say of which version of their upload they are";
    public const string Momentless = "keyframes that do not say where in their film they are";
    public const string Beyond = "pictures beyond the bytes that a draft may have";

    private const long MaxBytes = 512L << 20;

    /// <summary>The same asked again is the draft that is there. Null where there is nothing to draw.</summary>
    public async Task<GoldenDraft?> DrawAsync(
        ExportCard card,
        int rows,
        int seed,
        bool suggest,
        string by,
        CancellationToken cancellationToken
    )
    {
        string export = $"{card.Name}/{card.Version}";
        string id = GoldenDraft.IdOf(export, rows, seed, suggest);
        if (await drafts.FindAsync(id, cancellationToken) is { } before)
        {
            return before;
        }
        GoldenWish wish = new(rows, seed, Math.Min(rows, MaxPictures), suggest);
        DrawnRows chosen = await draw.ChooseAsync(card, wish, cancellationToken);
        (GoldenItem Item, bool Suggested)[] drawn = [.. chosen.Texts.Select(row => (GoldenDraw.ItemOf(row), !row.Reported))];
        SortedDictionary<string, int> leftOut = new(StringComparer.Ordinal);
        ModelTask task = drawn.Length > 0 ? ModelTask.TextClassification : ModelTask.ImageClassification;
        if (drawn.Length == 0)
        {
            drawn = await KeepAsync(chosen.Pictures, leftOut, cancellationToken);
        }
        if (drawn.Length == 0)
        {
            return null;
        }
        GoldenDraft draft = new(
            id,
            export,
            task,
            by,
            time.GetUtcNow(),
            drawn.ToDictionary(one => one.Item.Id, one => new DraftReview(GoldenReview.Open, Suggested: one.Suggested)),
            leftOut
        );
        return await AddAsync(draft, [.. drawn.Select(one => one.Item)], cancellationToken);
    }

    private async Task<GoldenDraft?> AddAsync(GoldenDraft draft, IReadOnlyList<GoldenItem> items, CancellationToken cancellationToken)
    {
        GoldenDraft added;
        try
        {
            added = await drafts.AddAsync(draft, GoldenLines.Write(items), cancellationToken);
        }
        catch (GoldenException)
        {
            await pictures.ReleaseAsync(items.Select(item => item.Media).OfType<string>(), apartFrom: null, cancellationToken);
            throw;
        }
        IReadOnlyList<GoldenItem> refused = await erased.RemoveAsync(items, draft.By, cancellationToken);
        return refused.Count == 0 ? added : await drafts.FindAsync(draft.Id, cancellationToken);
    }

    private async Task<(GoldenItem Item, bool Suggested)[]> KeepAsync(
        IReadOnlyList<ExportedExample> rows,
        SortedDictionary<string, int> leftOut,
        CancellationToken cancellationToken
    )
    {
        List<(GoldenItem, bool)> kept = [];
        long bytes = 0;
        foreach (ExportedExample row in rows)
        {
            (string? media, string reason, int length) = await KeepAsync(row, MaxBytes - bytes, cancellationToken);
            if (media is null)
            {
                leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
                continue;
            }
            bytes += length;
            kept.Add((GoldenDraw.ItemOf(row, media), !row.Reported));
        }
        return [.. kept];
    }

    /// <summary>The name of the picture, or why there is none.</summary>
    private async Task<(string? Media, string Reason, int Bytes)> KeepAsync(
        ExportedExample row,
        long room,
        CancellationToken cancellationToken
    )
    {
        if (row.AssetVersion is not { } version)
        {
            return (null, Unversioned, 0);
        }
        if (row is { IsKeyframe: true, Moment: null })
        {
            return (null, Momentless, 0);
        }
        (ReadOnlyMemory<byte>? read, string reason) = row.Moment is { } moment
            ? await keyframes.ReadAsync(row.Asset!, version, moment, GoldenSets.MaxMediaBytes, cancellationToken)
            : await uploads.ReadAsync(row.Asset!, version, GoldenSets.MaxMediaBytes, cancellationToken);
        if (read is not { } picture)
        {
            return (null, reason, 0);
        }
        if (picture.Length > room)
        {
            return (null, Beyond, 0);
        }
        try
        {
            return (await golden.StoreMediaAsync(picture, cancellationToken), "", picture.Length);
        }
        catch (MediaRejectedException)
        {
            return (null, Unreadable, 0);
        }
    }
}
