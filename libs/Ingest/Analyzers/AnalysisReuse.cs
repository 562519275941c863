using Microsoft.Extensions.Logging;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// The same bytes again under a new version of the same asset: what was found in them stands already, and is copied instead of computed.
/// The copy is complete, so that either version may go without the other. Idempotent by version; thread-safe.
/// </summary>
public sealed class AnalysisReuse(
    AssetStores stores,
    Ledger ledger,
    AnalysisWriter writer,
    AnalysisModels models,
    AnalysisFingerprints fingerprints,
    Sidecars sidecars,
    TimeProvider time,
    ILogger<AnalysisReuse> log
)
{
    /// <summary>Of versions with as many bytes as this one; their documents are read to compare.</summary>
    private const int MaxCandidates = 3;
    private const int ParallelCopies = 16;

    /// <summary>False where no analysis that would come out alike is found; what was written then, the analysis writes again.</summary>
    internal Task<bool> TryAsync(AnalysisRequest request, string sha256, StageClock clock, CancellationToken cancellationToken)
    {
        clock.StartWriting();
        return TryAsync(request, sha256, clock.Read, cancellationToken);
    }

    /// <param name="timings">Read when all but the document is written.</param>
    public async Task<bool> TryAsync(
        AnalysisRequest request,
        string sha256,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await FindAsync(request, sha256, cancellationToken) is not { } earlier)
            {
                return false;
            }
            AnalysisDocument copy = await CopyAsync(earlier, request, cancellationToken);
            await writer.WriteDocumentAsync(copy with { Timings = timings(), Analysed = time.GetUtcNow() }, cancellationToken);
            log.AnalysisReused(request.Source.InstanceId(), earlier.Version);
            return true;
        }
        catch (ObjectMissingException e) when (e.Path != stores.PathOf(request.Source))
        {
            return false; // deleted while it was copied
        }
    }

    /// <summary>The version itself is a candidate too, where it became current again: in S3 the same bytes are the same version.</summary>
    private async Task<AnalysisDocument?> FindAsync(AnalysisRequest request, string sha256, CancellationToken cancellationToken)
    {
        AssetSource source = request.Source;
        if (await ledger.ReadRecentAsync(source.Store, source.AssetId, cancellationToken) is not { Versions.Count: > 1 } asset)
        {
            return null;
        }
        IEnumerable<LedgerEntry> candidates = asset.Versions.Where(entry =>
            entry.Length == request.Length && (entry.State == AssetState.Processed || entry.Version == source.VersionId)
        );
        foreach (LedgerEntry candidate in candidates.Take(MaxCandidates))
        {
            if (
                await writer.ReadDocumentAsync(asset.SourceOf(candidate), cancellationToken) is { } document
                && document.Sha256 == sha256
                && document.Kind == request.Kind
                && document.Fingerprint == await FingerprintAsync(request, document, cancellationToken)
            )
            {
                return document;
            }
        }
        return null;
    }

    /// <summary>By the roles that looked then as well: those of texts look at a film with words alone.</summary>
    private async Task<string> FingerprintAsync(AnalysisRequest request, AnalysisDocument earlier, CancellationToken cancellationToken)
    {
        IEnumerable<ModelRole> wanted = Enum.GetValues<ModelRole>()
            .Where(role => ModelRoles.Of(request.Kind).Contains(role) || earlier.Models.Any(use => use.Role == role.NameOf()));
        ChosenModels chosen = await models.ChooseAsync(wanted, request.Source.AssetId, cancellationToken);
        return fingerprints.Of(
            request.Kind,
            chosen.Uses,
            request.Kind == MediaKind.Video ? await sidecars.FindAsync(request.Source, cancellationToken) : null
        );
    }

    private async Task<AnalysisDocument> CopyAsync(
        AnalysisDocument earlier,
        AnalysisRequest request,
        CancellationToken cancellationToken
    ) =>
        earlier with
        {
            Version = request.Source.VersionId,
            Source = request.Source,
            MediaType = request.MediaType,
            Embeddings = await Task.WhenAll(earlier.Embeddings.Select(file => CopyAsync(file, request, cancellationToken))),
            Text = earlier.Text is { PassageTexts: { } passages } text
                ? text with
                {
                    PassageTexts = await CopyAsync(passages, request, cancellationToken),
                }
                : earlier.Text,
            Image = earlier.Image is { } image
                ? image with
                {
                    Thumbnail = await CopyAsync(image.Thumbnail, request, cancellationToken),
                }
                : null,
            Video = earlier.Video is { } video ? await CopyAsync(video, request, cancellationToken) : null,
            Given = request.Given,
            Revision = request.Revision,
            Attempts = request.Attempt,
            ReusedFrom = earlier.ReusedFrom ?? earlier.Version,
        };

    private async Task<VideoFindings> CopyAsync(VideoFindings video, AnalysisRequest request, CancellationToken cancellationToken)
    {
        List<ShotFinding> shots = [];
        foreach (ShotFinding[] some in video.Shots.Chunk(ParallelCopies))
        {
            shots.AddRange(await Task.WhenAll(some.Select(CopyShotAsync)));
        }
        return video with
        {
            Shots = shots,
            Captions = await CopyAsync(video.Captions, request, cancellationToken),
            Subtitles = await Task.WhenAll(video.Subtitles.Select(CopySubtitlesAsync)),
        };

        async Task<SubtitleFinding> CopySubtitlesAsync(SubtitleFinding subtitles) =>
            subtitles with
            {
                File = subtitles.File is { } file ? await CopyAsync(file, request, cancellationToken) : null,
                PassageTexts = subtitles.PassageTexts is { } texts ? await CopyAsync(texts, request, cancellationToken) : null,
            };

        async Task<ShotFinding> CopyShotAsync(ShotFinding shot) =>
            shot with
            {
                Keyframe = shot.Keyframe with { Image = await CopyAsync(shot.Keyframe.Image, request, cancellationToken) },
            };
    }

    /// <summary>With this version's name and time, by which the index tells which is the latest.</summary>
    private async Task<EmbeddingFile> CopyAsync(EmbeddingFile file, AnalysisRequest request, CancellationToken cancellationToken)
    {
        VectorSpace space = new(file.Space, file.Dimensions);
        AssetVectors vectors = await AnalysisWriter.ReadVectorsAsync(stores[request.Source.Store], file.Path, space, cancellationToken);
        return await writer.WriteVectorsAsync(request, space, vectors.Entries, cancellationToken);
    }

    private async Task<ArtifactFile> CopyAsync(ArtifactFile file, AnalysisRequest request, CancellationToken cancellationToken)
    {
        IObjectStore store = stores[request.Source.Store];
        string name = Path.GetFileName(file.Path);
        if (file.Path == AssetLayout.Artifact(request.Source.AssetId, request.Source.VersionId, name))
        {
            return file;
        }
        ObjectContent content = await store.ReadAsync(file.Path, file.Bytes, cancellationToken)
            ?? throw new ObjectMissingException(store.Name, file.Path);
        ArtifactFile copy = await writer.WriteFileAsync(request, name, content.Data.ToMemory(), file.MediaType, cancellationToken);
        return file with { Path = copy.Path };
    }
}
