using System.ComponentModel.DataAnnotations;
using Serverless.Inference;

namespace Serverless.Ingest.Analyzers;

/// <summary>How much gpu-batch gives a model at once.</summary>
public sealed class BatchOptions
{
    /// <summary>Tokens of long documents analysed together, 32,768 by default: raising it fills a GPU better, and makes a short job wait
    /// longer behind it.</summary>
    [Range(1, int.MaxValue)]
    public int Tokens { get; set; } = 32_768;

    /// <summary>Keyframes analysed together, 32 by default; each takes about half a megabyte while it waits.</summary>
    [Range(1, 1_024)]
    public int Frames { get; set; } = 32;
}

/// <summary>The batches that all jobs of a process share. Thread-safe.</summary>
public sealed class JobBatches(TextAnalyzer texts, ImageAnalyzer images, BatchOptions options, TimeProvider time)
{
    /// <summary>Of long texts one piece after the other, so that a short one waits for pieces and not for texts.</summary>
    public BudgetBatcher<TextPiece, IReadOnlyList<PassageReading>> Texts { get; } =
        new(batch => texts.ReadAll(batch, CancellationToken.None), piece => piece.Tokens, options.Tokens);

    /// <summary>With each picture its share of the time that its batch took.</summary>
    public BudgetBatcher<RgbImage, (PictureAnalysis Found, TimeSpan Share)> Pictures { get; } =
        new(
            batch =>
            {
                long started = time.GetTimestamp();
                IReadOnlyList<PictureAnalysis> found = images.Analyse(batch, CancellationToken.None);
                TimeSpan share = time.GetElapsedTime(started) / batch.Count;
                return [.. found.Select(picture => (picture, share))];
            },
            _ => 1,
            options.Frames
        );
}
