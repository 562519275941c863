using System.IO.Hashing;
using System.Runtime.InteropServices;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Storage;
using Serverless.Validation.Golden;

namespace Serverless.Orchestrations.Exports;

/// <summary>
/// Draws items of a golden set from the labelled texts of an export, each label as often as the others as far as there are rows, for people
/// to review before they store them. What nobody said of a row, such as its language, is left out of the item, which then is in no slice
/// of it, and none is stored before its review says accepted or rejected. Pictures are not captured, so that none are drawn. The same
/// export and seed draw the same. Thread-safe.
/// </summary>
public sealed class GoldenDraw(ExportStore exports, ExportsOptions options)
{
    public const int MaxRows = 2_000;

    private const int MaxLabels = 1_000; // as many as an export's filter takes; rows of further ones are left out

    /// <summary>Lines of a golden set; empty where the export has no texts with labels.</summary>
    public async Task<BinaryData> DrawAsync(ExportCard card, int rows, int seed, CancellationToken cancellationToken)
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
        Dictionary<string, PriorityQueue<ExportedText, ulong>> byLabel = [];
        await foreach (ExportedText text in ExportReader.ReadTextsAsync(data, cancellationToken))
        {
            Keep(byLabel, text, rows, seed);
        }
        using MemoryStream lines = new();
        foreach (ExportedText text in Choose(byLabel, rows))
        {
            lines.Write(StoredJson.Write(ItemOf(text)).ToMemory().Span);
            lines.WriteByte((byte)'\n');
        }
        return new BinaryData(lines.ToArray());
    }

    /// <summary>Of each label those with the least hashes.</summary>
    private static void Keep(Dictionary<string, PriorityQueue<ExportedText, ulong>> byLabel, ExportedText text, int rows, int seed)
    {
        if (!byLabel.TryGetValue(text.Target, out PriorityQueue<ExportedText, ulong>? kept))
        {
            if (byLabel.Count == MaxLabels)
            {
                return;
            }
            byLabel.Add(text.Target, kept = new PriorityQueue<ExportedText, ulong>());
        }
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.Id.AsSpan()), seed);
        kept.Enqueue(text, ulong.MaxValue - hash); // the greatest hash leaves first
        if (kept.Count > rows)
        {
            kept.Dequeue();
        }
    }

    /// <summary>One of each label in turn, in the order of their names.</summary>
    private static IEnumerable<ExportedText> Choose(Dictionary<string, PriorityQueue<ExportedText, ulong>> byLabel, int rows)
    {
        Stack<ExportedText>[] labels =
        [
            .. byLabel.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => LeastOnTop(label.Value)),
        ];
        int most = labels.Select(label => label.Count).DefaultIfEmpty().Max();
        return Enumerable.Range(0, most).SelectMany(_ => labels.Where(label => label.Count > 0).Select(label => label.Pop())).Take(rows);
    }

    private static Stack<ExportedText> LeastOnTop(PriorityQueue<ExportedText, ulong> kept)
    {
        Stack<ExportedText> ordered = new();
        while (kept.TryDequeue(out ExportedText? text, out _))
        {
            ordered.Push(text);
        }
        return ordered;
    }

    private static GoldenItem ItemOf(ExportedText text) =>
        new()
        {
            Id = text.Id,
            Asset = text.Asset,
            Source = text.Source,
            Language = text.Language,
            Text = text.Text,
            Label = text.Target,
            Review = GoldenReview.Open,
        };
}
