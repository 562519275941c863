using System.IO.Hashing;
using System.Runtime.InteropServices;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Storage;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Orchestrations.Exports;

/// <param name="Texts">At most so many.</param>
/// <param name="Pictures">At most so many.</param>
/// <param name="Suggest">Also rows that nobody labelled, with what the model answered, for people to correct.</param>
public sealed record GoldenWish(int Texts, int Seed, int Pictures = 0, bool Suggest = false);

public sealed record DrawnRows(IReadOnlyList<ExportedExample> Texts, IReadOnlyList<ExportedExample> Pictures);

/// <summary>
/// Draws items of a golden set from the labelled rows of an export, each label as often as the others as far as there are rows, for people
/// to review before they store them. What nobody said of a row, such as its language, is left out of the item, which then is in no slice
/// of it, and none is stored before its review says accepted or rejected. The same export and seed draw the same. Thread-safe.
/// </summary>
public sealed class GoldenDraw(ExportStore exports, ExportsOptions options)
{
    public const int MaxRows = GoldenDrafts.MaxItems;

    private const int MaxLabels = 1_000; // as many as an export's filter takes; rows of further ones are left out

    /// <summary>Lines of a golden set of texts; empty where the export has no texts with labels.</summary>
    public async Task<BinaryData> DrawAsync(ExportCard card, int rows, int seed, CancellationToken cancellationToken) =>
        new(GoldenLines.Write((await ChooseAsync(card, new GoldenWish(rows, seed), cancellationToken)).Texts.Select(text => ItemOf(text))));

    /// <summary>The rows themselves.</summary>
    public async Task<DrawnRows> ChooseAsync(ExportCard card, GoldenWish wish, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.SpoolFolder);
        string path = Path.Combine(options.SpoolFolder, Path.GetRandomFileName());
        await using FileStream data = new(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );
        await using (Stream stored = await exports.OpenAsync(card, cancellationToken))
        {
            await stored.CopyToAsync(data, cancellationToken);
        }
        data.Position = 0;
        Dictionary<string, PriorityQueue<ExportedExample, ulong>> texts = [],
            pictures = [];
        await foreach (ExportedExample row in ExportReader.ReadExamplesAsync(data, wish.Suggest, cancellationToken))
        {
            if (row.Text is null)
            {
                Keep(pictures, row, wish.Pictures, wish.Seed);
            }
            else
            {
                Keep(texts, row, wish.Texts, wish.Seed);
            }
        }
        return new DrawnRows([.. Choose(texts, wish.Texts)], [.. Choose(pictures, wish.Pictures)]);
    }

    /// <summary>Of a picture without its name, which it has once it is stored.</summary>
    public static GoldenItem ItemOf(ExportedExample row, string? media = null) =>
        new()
        {
            Id = row.Id,
            Asset = row.Asset,
            Source = row.Source,
            Language = row.Language,
            Text = row.Text,
            Media = media,
            Moment = row.Moment,
            Label = row.Label,
            Review = GoldenReview.Open,
        };

    /// <summary>Of each label those with the least hashes.</summary>
    private static void Keep(Dictionary<string, PriorityQueue<ExportedExample, ulong>> byLabel, ExportedExample row, int rows, int seed)
    {
        if (!byLabel.TryGetValue(row.Label, out PriorityQueue<ExportedExample, ulong>? kept))
        {
            if (byLabel.Count == MaxLabels)
            {
                return;
            }
            byLabel.Add(row.Label, kept = new PriorityQueue<ExportedExample, ulong>());
        }
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(row.Id.AsSpan()), seed);
        kept.Enqueue(row, ulong.MaxValue - hash); // the greatest hash leaves first
        if (kept.Count > rows)
        {
            kept.Dequeue();
        }
    }

    /// <summary>One of each label in turn, in the order of their names.</summary>
    private static IEnumerable<ExportedExample> Choose(Dictionary<string, PriorityQueue<ExportedExample, ulong>> byLabel, int rows)
    {
        Stack<ExportedExample>[] labels =
        [
            .. byLabel.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => LeastOnTop(label.Value)),
        ];
        int most = labels.Select(label => label.Count).DefaultIfEmpty().Max();
        return Enumerable.Range(0, most).SelectMany(_ => labels.Where(label => label.Count > 0).Select(label => label.Pop())).Take(rows);
    }

    private static Stack<ExportedExample> LeastOnTop(PriorityQueue<ExportedExample, ulong> kept)
    {
        Stack<ExportedExample> ordered = new();
        while (kept.TryDequeue(out ExportedExample? row, out _))
        {
            ordered.Push(row);
        }
        return ordered;
    }
}
