using Serverless.Packages;

namespace Serverless.Validation.Golden;

/// <summary>What an item must hold for a task.</summary>
internal static class GoldenRules
{
    private const int MaxTextChars = 200_000;
    private const int MaxNameChars = 200;
    private const int MaxDocuments = 1_000;

    /// <summary>Null for an item that can be asked and judged, otherwise what is wrong with it.</summary>
    public static string? Fault(ModelTask task, GoldenItem item) =>
        FaultOfNames(item)
        ?? FaultOfReview(item)
        ?? task switch
        {
            ModelTask.TokenClassification => FaultOfText(item) ?? FaultOfSpans(item),
            ModelTask.TextClassification => FaultOfText(item) ?? FaultOfLabel(item),
            ModelTask.ImageClassification => FaultOfMedia("media", item.Media) ?? FaultOfLabel(item),
            ModelTask.Reranking => FaultOfText(item) ?? FaultOfDocuments(item, media: false),
            ModelTask.TextEmbedding => FaultOfText(item) ?? FaultOfReference(item, media: false),
            ModelTask.ImageEmbedding => FaultOfMedia("media", item.Media) ?? FaultOfReference(item, media: true),
            ModelTask.TextImageEmbedding => FaultOfText(item) ?? FaultOfReference(item, media: true),
            ModelTask.ObjectDetection => FaultOfMedia("media", item.Media) ?? FaultOfBoxes(item),
            _ => FaultOfTensors(item)
                ?? (
                    item.Vector is { Count: > 0 }
                        ? FaultOfVector(item.Vector)
                        : "vector is missing; it must be the first output, row by row"
                ),
        };

    /// <summary>Whether an item's documents are pictures, by their digests.</summary>
    public static bool HasPicturesAsDocuments(ModelTask task) => task is ModelTask.ImageEmbedding or ModelTask.TextImageEmbedding;

    public static bool IsDigest(string digest) => digest.Length == 64 && digest.All(char.IsAsciiHexDigitLower);

    private static string? FaultOfReview(GoldenItem item) =>
        item.Review == GoldenReview.Open
            ? $"item '{item.Id}' was drawn and nobody has looked at it: its review must become accepted or rejected"
            : null;

    private static string? FaultOfNames(GoldenItem item)
    {
        if (string.IsNullOrWhiteSpace(item.Id) || item.Id.Length > MaxNameChars)
        {
            return $"id has {item.Id?.Length ?? 0} characters; allowed are 1 to {MaxNameChars}";
        }
        foreach (
            (string name, string? value) in (ReadOnlySpan<(string, string?)>)
                [("language", item.Language), ("source", item.Source), ("kind", item.Kind), ("asset", item.Asset)]
        )
        {
            if (value is { Length: 0 or > MaxNameChars })
            {
                return $"{name} has {value.Length} characters; allowed are 1 to {MaxNameChars}, or none of it";
            }
        }
        return null;
    }

    private static string? FaultOfText(GoldenItem item) =>
        item.Text is null ? "text is missing"
        : item.Text.Length > MaxTextChars ? $"text has {item.Text.Length} characters; allowed are {MaxTextChars}"
        : null;

    private static string? FaultOfLabel(GoldenItem item) => string.IsNullOrEmpty(item.Label) ? "label is missing" : null;

    private static string? FaultOfSpans(GoldenItem item)
    {
        if (item.Entities is null)
        {
            return "entities is missing; it is [] for a text without any";
        }
        foreach (GoldenSpan span in item.Entities)
        {
            if (span.Start < 0 || span.Length < 1 || (long)span.Start + span.Length > item.Text!.Length || string.IsNullOrEmpty(span.Type))
            {
                return $"an entity '{span.Type}' is at {span.Start} with length {span.Length}; allowed is what lies in the text of "
                    + $"{item.Text!.Length} UTF-16 code units, with a type";
            }
        }
        return null;
    }

    private static string? FaultOfReference(GoldenItem item, bool media) =>
        item.Vector is { Count: > 0 }
            ? item.Documents is null
                ? FaultOfVector(item.Vector)
                : "both vector and documents are there; only one of them can be judged"
            : FaultOfDocuments(item, media);

    private static string? FaultOfVector(IReadOnlyList<float> vector) =>
        !vector.All(float.IsFinite) ? "the vector has a number that is too large"
        : vector.All(v => v == 0) ? "the vector has no direction: all its numbers are 0"
        : null;

    private static string? FaultOfDocuments(GoldenItem item, bool media)
    {
        if (item.Documents is not { Count: >= 2 and <= MaxDocuments } documents)
        {
            return $"there are {item.Documents?.Count ?? 0} documents; allowed are 2 to {MaxDocuments}";
        }
        if (item.Relevance is not { } relevance || relevance.Count != documents.Count)
        {
            return $"there are {item.Relevance?.Count ?? 0} numbers of relevance for {documents.Count} documents";
        }
        if (relevance.Any(r => !(r >= 0 && r <= 100)) || relevance.All(r => r == 0))
        {
            return "relevance must be numbers from 0 to 100, at least one above 0";
        }
        return documents
            .Select(d =>
                media ? FaultOfMedia("a document", d)
                : d is null or { Length: > MaxTextChars } ? $"a document has {d?.Length ?? 0} characters; allowed are {MaxTextChars}"
                : null
            )
            .FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOfMedia(string name, string? media) =>
        media is { Length: > 7 } && media.StartsWith("sha256:", StringComparison.Ordinal) && IsDigest(media[7..])
            ? null
            : $"{name} is '{(media is { Length: > 80 } ? media[..80] : media)}'; it must be sha256: and 64 hexadecimal digits, as "
                + $"storing the picture answered";

    private static string? FaultOfBoxes(GoldenItem item) =>
        item.Boxes is null ? "boxes is missing; it is [] for a picture without any"
        : item.Boxes.Any(b =>
            !(b.Width > 0 && b.Height > 0 && double.IsFinite(b.X + b.Y + b.Width + b.Height)) || string.IsNullOrEmpty(b.Label)
        )
            ? "a box has no area or no label"
        : null;

    private static string? FaultOfTensors(GoldenItem item)
    {
        if (item.Tensors is not { Count: > 0 } tensors)
        {
            return "tensors is missing";
        }
        GoldenTensor? wrong = tensors.FirstOrDefault(t => t.Shape is null || t.Values is null || !Fits(t.Shape, t.Values.Count));
        return wrong is not null
                ? $"tensor '{wrong.Name}' of shape [{string.Join(',', wrong.Shape ?? [])}] has {wrong.Values?.Count ?? 0} values"
            : tensors.Any(t => !t.Values.All(double.IsFinite)) ? "a tensor has a number that is too large"
            : null;
    }

    /// <summary>Without an overflow, whatever the sizes say.</summary>
    private static bool Fits(IReadOnlyList<long> shape, int values)
    {
        long left = values;
        foreach (long size in shape)
        {
            if (size < 1 || left % size != 0)
            {
                return false;
            }
            left /= size;
        }
        return left == 1;
    }
}
