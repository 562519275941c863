using System.Globalization;
using System.Security.Cryptography;
using Serverless.Inference;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Media.Text;
using Serverless.Storage;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Bytes of a text or an image → the finished analysis document beside it. One and the same for the activities of a run, the Lambda
/// handler and gpu-batch; videos have an analyzer of their own, which works from a file. Idempotent by version; thread-safe.
/// </summary>
public sealed class AssetAnalysis(
    AssetStores stores,
    TextAnalyzer texts,
    ImageAnalyzer images,
    ImageReader reader,
    AnalysisWriter writer,
    AnalysisReuse reuse,
    AnalysisFingerprints fingerprints,
    AnalysisOptions options,
    TextOptions textOptions,
    TimeProvider time
)
{
    /// <param name="asJob">In gpu-batch, where texts of any admitted length are welcome.</param>
    /// <param name="queued">How long the job waited; nothing for what is analysed at once.</param>
    public async Task<AnalysisOutcome> AnalyseAsync(
        AnalysisRequest request,
        bool asJob,
        TimeSpan queued,
        CancellationToken cancellationToken
    )
    {
        try
        {
            StageClock clock = new(time, queued);
            return request.Kind switch
            {
                MediaKind.Text => await AnalyseTextAsync(request, asJob, clock, cancellationToken),
                MediaKind.Image => await AnalyseImageAsync(request, clock, cancellationToken),
                _ => throw new ArgumentException($"{request.Kind} is not analysed here; texts and images are.", nameof(request)),
            };
        }
        catch (MediaRejectedException e)
        {
            return AnalysisOutcome.Refuse(e);
        }
        catch (ObjectMissingException e) when (e.Path == stores.PathOf(request.Source))
        {
            return new AnalysisOutcome(AnalysisStatus.Gone);
        }
        catch (ObjectChangedException e) when (e.Path == stores.PathOf(request.Source))
        {
            return new AnalysisOutcome(AnalysisStatus.Superseded);
        }
    }

    private async Task<AnalysisOutcome> AnalyseTextAsync(
        AnalysisRequest request,
        bool asJob,
        StageClock clock,
        CancellationToken cancellationToken
    )
    {
        byte[] bytes = await stores.ReadAsync(request, clock, time, cancellationToken);
        string digest = DigestOf(bytes);
        if (await reuse.TryAsync(request, digest, clock, cancellationToken))
        {
            return new AnalysisOutcome(AnalysisStatus.Analysed);
        }
        TextDocument document = clock.Decode(() => TextDocument.Read(bytes, request.MediaType, textOptions, cancellationToken));
        IReadOnlyList<PassageSplitter.Passage> passages = clock.Decode(() => texts.Split(document));
        if (!asJob && passages.Sum(passage => passage.Tokens) > options.LongDocumentTokens)
        {
            return new AnalysisOutcome(AnalysisStatus.TooLong);
        }

        TextAnalysis found = clock.Infer(() => texts.Analyse(document, passages, cancellationToken));
        clock.StartWriting();
        EmbeddingFile vectors = await writer.WriteVectorsAsync(request, texts.Space, found.Vectors, cancellationToken);
        return await FinishAsync(
            request,
            clock,
            new AnalysisDraft(digest, fingerprints[request.Kind], [vectors], texts.Models) { Text = found.Findings },
            cancellationToken
        );
    }

    private async Task<AnalysisOutcome> AnalyseImageAsync(AnalysisRequest request, StageClock clock, CancellationToken cancellationToken)
    {
        byte[] bytes = await stores.ReadAsync(request, clock, time, cancellationToken);
        string digest = DigestOf(bytes);
        if (await reuse.TryAsync(request, digest, clock, cancellationToken))
        {
            return new AnalysisOutcome(AnalysisStatus.Analysed);
        }
        using DecodedImage image = await clock.DecodeAsync(() =>
            reader.DecodeAsync(bytes, options.DecodePixels, images.InputSide, cancellationToken)
        );
        byte[] jpeg = clock.Decode(() => Thumbnail.EncodeJpeg(image, options.ThumbnailPixels));
        PictureAnalysis found = clock.Infer(() =>
            images.Analyse([new RgbImage(image.Rgb, image.Width, image.Height)], cancellationToken)[0]
        );
        clock.StartWriting();
        string kind = EntryKind.Of(MediaKind.Image);
        Task<EmbeddingFile> picture = writer.WriteVectorsAsync(
            request,
            images.Space,
            [found.ImageEntry(kind, Place.Whole)],
            cancellationToken
        );
        Task<EmbeddingFile> caption = writer.WriteVectorsAsync(
            request,
            images.CaptionSpace,
            [found.CaptionEntry(kind, Place.Whole)],
            cancellationToken
        );
        Task<ArtifactFile> thumbnail = writer.WriteFileAsync(request, "thumbnail.jpg", jpeg, "image/jpeg", cancellationToken);
        await Task.WhenAll(picture, caption, thumbnail);
        ImageFindings findings = new()
        {
            Width = image.OriginalWidth,
            Height = image.OriginalHeight,
            Frames = image.Info.Frames,
            PerceptualHash = PerceptualHash.Compute(image).ToString("x16", CultureInfo.InvariantCulture),
            Labels = found.Labels,
            Thumbnail = await thumbnail,
        };
        return await FinishAsync(
            request,
            clock,
            new AnalysisDraft(digest, fingerprints[request.Kind], [await picture, await caption], images.Models) { Image = findings },
            cancellationToken
        );
    }

    private async Task<AnalysisOutcome> FinishAsync(
        AnalysisRequest request,
        StageClock clock,
        AnalysisDraft draft,
        CancellationToken cancellationToken
    )
    {
        await writer.WriteDocumentAsync(draft.ToDocument(request, clock.Read(), time.GetUtcNow()), cancellationToken);
        return new AnalysisOutcome(AnalysisStatus.Analysed);
    }

    private static string DigestOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
