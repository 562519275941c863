using System.Globalization;
using System.Security.Cryptography;
using Serverless.Imaging;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Media.Metadata;
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
    DecodeBudget budget,
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
        string digest;
        TextDocument document;
        using (await budget.TakeAsync(Math.Min(request.Length * TextDocument.BytesToRead, budget.Total), cancellationToken))
        {
            byte[] bytes = await stores.ReadAsync(request, clock, time, cancellationToken);
            digest = DigestOf(bytes);
            if (await reuse.TryAsync(request, digest, clock, cancellationToken) is { } copy)
            {
                return AnalysisOutcome.Of(copy);
            }
            document = clock.Decode(() => TextDocument.Read(bytes, request.MediaType, textOptions, cancellationToken));
        }
        if (!asJob && document.Normalised.Length > options.LongDocumentCharacters)
        {
            return new AnalysisOutcome(AnalysisStatus.TooLong);
        }

        EmbeddedParts? parts = asJob ? new EmbeddedParts(request, stores[request.Source.Store]) : null;
        TextAnalysis found = await clock.InferAsync(() =>
            texts.AnalyseAsync(request.Source, document, mayJoin: null, parts?.Kept, cancellationToken)
        );
        clock.StartWriting();
        Task<IReadOnlyList<EmbeddingFile>> vectors = writer.WriteVectorsAsync(request, found.Vectors, cancellationToken);
        Task<ArtifactFile> passages = writer.WriteFileAsync(
            request,
            PassageTexts.FileName,
            PassageTexts.Pack(found.Passages),
            PassageTexts.MediaType,
            cancellationToken
        );
        await Task.WhenAll(vectors, passages);
        TextFindings findings = found.Findings with { PassageTexts = await passages };
        string fingerprint = fingerprints.Of(request.Kind, found.Models);
        AnalysisOutcome outcome = await FinishAsync(
            request,
            clock,
            new AnalysisDraft(digest, fingerprint, await vectors, found.Models)
            {
                Text = findings,
                Metadata = PageMetadata.Read(document.Original, request.MediaType),
                Spent = found.Spent,
            },
            cancellationToken
        );
        if (parts is not null)
        {
            await parts.ClearAsync(cancellationToken);
        }
        return outcome;
    }

    private async Task<AnalysisOutcome> AnalyseImageAsync(AnalysisRequest request, StageClock clock, CancellationToken cancellationToken)
    {
        byte[] bytes = await stores.ReadAsync(request, clock, time, cancellationToken);
        string digest = DigestOf(bytes);
        if (await reuse.TryAsync(request, digest, clock, cancellationToken) is { } copy)
        {
            return AnalysisOutcome.Of(copy);
        }
        int side = await images.InputSideAsync(request.Source, cancellationToken);
        using SharedPicture picture = new(
            await clock.DecodeAsync(() => reader.DecodeAsync(bytes, options.DecodePixels, side, cancellationToken))
        );
        DecodedImage image = picture.Image;
        MediaMetadata? told = clock.Decode(() => reader.ReadMetadata(bytes));
        byte[] jpeg = clock.Decode(() => Thumbnail.EncodeJpeg(image, options.ThumbnailPixels));
        PictureAnalysis found = await clock.InferAsync(() =>
            images.AnalyseAsync(request.Source, picture, request.Length, film: null, cancellationToken)
        );
        clock.StartWriting();
        Task<IReadOnlyList<EmbeddingFile>> vectors = writer.WriteVectorsAsync(
            request,
            found.Entries(EntryKind.Of(MediaKind.Image), Place.Whole),
            cancellationToken
        );
        Task<ArtifactFile> thumbnail = writer.WriteFileAsync(request, "thumbnail.jpg", jpeg, "image/jpeg", cancellationToken);
        await Task.WhenAll(vectors, thumbnail);
        ImageFindings findings = new()
        {
            Width = image.OriginalWidth,
            Height = image.OriginalHeight,
            Frames = image.Info.Frames,
            PerceptualHash = PerceptualHash.Compute(image).ToString("x16", CultureInfo.InvariantCulture),
            Labels = found.Labels,
            Objects = found.Objects,
            Thumbnail = await thumbnail,
        };
        string fingerprint = fingerprints.Of(request.Kind, found.Models);
        return await FinishAsync(
            request,
            clock,
            new AnalysisDraft(digest, fingerprint, await vectors, [.. found.Models.Distinct()])
            {
                Image = findings,
                Metadata = told,
                Spent = found.Spent,
            },
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
        AnalysisDocument document = draft.ToDocument(request, clock.Read(), time.GetUtcNow());
        await writer.WriteDocumentAsync(document, cancellationToken);
        return AnalysisOutcome.Of(document);
    }

    private static string DigestOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
