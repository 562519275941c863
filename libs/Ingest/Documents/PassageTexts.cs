using System.IO.Compression;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Ingest.Documents;

/// <summary>The words of one passage.</summary>
/// <param name="Place">As its vector has it.</param>
/// <param name="Text">Without markup, white space collapsed.</param>
public sealed record PassageText(string Place, string Text);

/// <summary>
/// The file <c>passages.json.gz</c> beside the analysis of a text, from which words are indexed; a film has one for each of its subtitles.
/// </summary>
public static class PassageTexts
{
    public const string FileName = "passages.json.gz";
    public const string MediaType = "application/gzip";

    /// <summary>The largest text that options admit, 512 MiB, packs to less.</summary>
    public const long MaxBytes = 512L << 20;

    /// <summary>
    /// Whether it was made before passages had a file: the words that are found of it are the first 240 characters of each.
    /// </summary>
    public static bool IsLackedBy(AnalysisDocument document) =>
        document.Text is { PassageTexts: null, Passages.Count: > 0 }
        || document.Video?.Subtitles.Any(subtitles => subtitles is { PassageTexts: null, Passages.Count: > 0 }) == true;

    public static byte[] Pack(IReadOnlyList<PassageText> passages)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(gzip, passages, StoredJson.Options);
        }
        return packed.ToArray();
    }

    /// <param name="maxCharacters">What all passages may have together; more is not read.</param>
    /// <exception cref="InvalidDataException">It is damaged, or larger than allowed.</exception>
    public static async Task<IReadOnlyList<PassageText>> UnpackAsync(Stream packed, long maxCharacters, CancellationToken cancellationToken)
    {
        List<PassageText> passages = [];
        long characters = 0;
        try
        {
            await using GZipStream gzip = new(packed, CompressionMode.Decompress);
            await foreach (
                PassageText? passage in JsonSerializer.DeserializeAsyncEnumerable<PassageText>(gzip, StoredJson.Options, cancellationToken)
            )
            {
                if (passage is null || (characters += passage.Text.Length) > maxCharacters)
                {
                    throw new InvalidDataException(
                        $"Passage {passages.Count} is null, or more than the {maxCharacters:N0} characters that all may have together."
                    );
                }
                passages.Add(passage);
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Passages are no JSON as it was written: {e.Message}", e);
        }
        return passages;
    }
}
