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
/// The same bytes again, as a new version of the same asset, at another path or in another store: what was found in them stands already,
/// and is copied instead of computed. The copy is complete, so that either may go without the other. Of equal uploads at once each may be
/// computed. Idempotent by version; thread-safe.
/// </summary>
public sealed class AnalysisReuse(
    AssetStores stores,
    Ledger ledger,
    AnalysisWriter writer,
    ContentIndex contents,
    AnalysisModels models,
    AnalysisFingerprints fingerprints,
    Sidecars sidecars,
    TimeProvider time,
    ILogger<AnalysisReuse> log
)
{
    /// <summary>
    /// Of versions with as many bytes as this one, and of other assets with the same; their documents are read to compare.
    /// </summary>
    private const int MaxCandidates = 3;

    /// <summary>Another store that is away holds up no upload for longer; real ones answer in a tenth of it.</summary>
    private static readonly TimeSpan OtherStoreWithin = TimeSpan.FromSeconds(2);
    private const int ParallelCopies = 16;

    /// <summary>
    /// The copy; null where no analysis that would come out alike is found: what was written then, the analysis writes again.
    /// </summary>
    internal Task<AnalysisDocument?> TryAsync(AnalysisRequest request, string sha256, StageClock clock, CancellationToken cancellationToken)
    {
        clock.StartWriting();
        return TryAsync(request, sha256, clock.Read, cancellationToken);
    }

    /// <param name="timings">Read when all but the document is written.</param>
    public async Task<AnalysisDocument?> TryAsync(
        AnalysisRequest request,
        string sha256,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            AssetSource source = request.Source;
            if (await TryAsync(await OwnAsync(request, cancellationToken), request, sha256, timings, cancellationToken) is { } own)
            {
                return own;
            }
            IReadOnlyList<AssetSource> here = await contents.FindAsync(source.Store, sha256, cancellationToken);
            IEnumerable<AssetSource> others = here.Where(found => found.AssetId != source.AssetId);
            if (await TryAsync(others, request, sha256, timings, cancellationToken) is { } copy)
            {
                return copy;
            }
        }
        catch (ObjectMissingException e) when (e.Path != stores.PathOf(request.Source))
        {
            return null; // deleted while it was copied
        }
        foreach (IObjectStore other in stores.All.Where(store => store.Name != request.Source.Store))
        {
            if (await TryElsewhereAsync(other.Name, request, sha256, timings, cancellationToken) is { } copy)
            {
                return copy;
            }
        }
        return null;
    }

    /// <summary>Whatever is wrong with another store, what is in this one is analysed.</summary>
    private async Task<AnalysisDocument?> TryElsewhereAsync(
        string store,
        AnalysisRequest request,
        string sha256,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource late = new(OtherStoreWithin, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            IReadOnlyList<AssetSource> there = await contents.FindAsync(store, sha256, limit.Token);
            return await TryAsync(there, request, sha256, timings, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.OtherStoreNotReused(store, request.Source.InstanceId(), e.Message);
            return null;
        }
    }

    private async Task<AnalysisDocument?> TryAsync(
        IEnumerable<AssetSource> candidates,
        AnalysisRequest request,
        string sha256,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        foreach (AssetSource candidate in candidates.Take(MaxCandidates))
        {
            if (
                await writer.ReadDocumentAsync(candidate, cancellationToken) is { } document
                && document.Sha256 == sha256
                && document.Kind == request.Kind
                && document.Fingerprint == await FingerprintAsync(request, document, cancellationToken)
            )
            {
                return await ReuseAsync(document, request, timings, cancellationToken);
            }
        }
        return null;
    }

    private async Task<AnalysisDocument> ReuseAsync(
        AnalysisDocument earlier,
        AnalysisRequest request,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        AnalysisDocument copy = await CopyAsync(earlier, request, cancellationToken);
        copy = copy with { Timings = timings(), Analysed = time.GetUtcNow() };
        await writer.WriteDocumentAsync(copy, cancellationToken);
        log.AnalysisReused(request.Source.InstanceId(), earlier.Asset, earlier.Version);
        return copy;
    }

    /// <summary>
    /// Of the asset's own versions, itself among them where it became current again: in S3 the same bytes are the same version.
    /// </summary>
    private async Task<IEnumerable<AssetSource>> OwnAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        AssetSource source = request.Source;
        return await ledger.ReadRecentAsync(source.Store, source.AssetId, cancellationToken) is { Versions.Count: > 1 } asset
            ? asset
                .Versions.Where(entry =>
                    entry.Length == request.Length && (entry.State == AssetState.Processed || entry.Version == source.VersionId)
                )
                .Select(asset.SourceOf)
            : [];
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

    private async Task<AnalysisDocument> CopyAsync(AnalysisDocument earlier, AnalysisRequest request, CancellationToken cancellationToken)
    {
        IObjectStore from = stores[earlier.Source.Store];
        string origin = earlier.ReusedFromAsset ?? earlier.Asset;
        return earlier with
        {
            Asset = request.Source.AssetId,
            Version = request.Source.VersionId,
            Source = request.Source,
            MediaType = request.MediaType,
            Embeddings = await Task.WhenAll(earlier.Embeddings.Select(file => CopyAsync(from, file, request, cancellationToken))),
            Text = earlier.Text is { PassageTexts: { } passages } text
                ? text with
                {
                    PassageTexts = await CopyAsync(from, passages, request, cancellationToken),
                }
                : earlier.Text,
            Image = earlier.Image is { } image
                ? image with
                {
                    Thumbnail = await CopyAsync(from, image.Thumbnail, request, cancellationToken),
                }
                : null,
            Video = earlier.Video is { } video ? await CopyAsync(from, video, request, cancellationToken) : null,
            // A version that became current again has its own analysis, which was paid for; a copy of another's was not.
            Spent = (earlier.Asset, earlier.Version) == (request.Source.AssetId, request.Source.VersionId) ? earlier.Spent : null,
            Given = request.Given,
            Revision = request.Revision,
            Attempts = request.Attempt,
            ReusedFrom = earlier.ReusedFrom ?? earlier.Version,
            ReusedFromAsset = origin == request.Source.AssetId ? null : origin,
        };
    }

    private async Task<VideoFindings> CopyAsync(
        IObjectStore from,
        VideoFindings video,
        AnalysisRequest request,
        CancellationToken cancellationToken
    )
    {
        List<ShotFinding> shots = [];
        foreach (ShotFinding[] some in video.Shots.Chunk(ParallelCopies))
        {
            shots.AddRange(await Task.WhenAll(some.Select(CopyShotAsync)));
        }
        return video with
        {
            Shots = shots,
            Captions = await CopyAsync(from, video.Captions, request, cancellationToken),
            Subtitles = await Task.WhenAll(video.Subtitles.Select(CopySubtitlesAsync)),
        };

        async Task<SubtitleFinding> CopySubtitlesAsync(SubtitleFinding subtitles) =>
            subtitles with
            {
                File = subtitles.File is { } file ? await CopyAsync(from, file, request, cancellationToken) : null,
                PassageTexts = subtitles.PassageTexts is { } texts ? await CopyAsync(from, texts, request, cancellationToken) : null,
            };

        async Task<ShotFinding> CopyShotAsync(ShotFinding shot) =>
            shot with
            {
                Keyframe = shot.Keyframe with { Image = await CopyAsync(from, shot.Keyframe.Image, request, cancellationToken) },
            };
    }

    /// <summary>With this version's name and time, by which the index tells which is the latest.</summary>
    private async Task<EmbeddingFile> CopyAsync(
        IObjectStore from,
        EmbeddingFile file,
        AnalysisRequest request,
        CancellationToken cancellationToken
    )
    {
        VectorSpace space = new(file.Space, file.Dimensions);
        AssetVectors vectors = await AnalysisWriter.ReadVectorsAsync(from, file.Path, space, cancellationToken);
        return await writer.WriteVectorsAsync(request, space, vectors.Entries, cancellationToken);
    }

    private async Task<ArtifactFile> CopyAsync(
        IObjectStore from,
        ArtifactFile file,
        AnalysisRequest request,
        CancellationToken cancellationToken
    )
    {
        string name = Path.GetFileName(file.Path);
        if (file.Path == AssetLayout.Artifact(request.Source.AssetId, request.Source.VersionId, name))
        {
            return file;
        }
        ObjectContent content = await from.ReadAsync(file.Path, file.Bytes, cancellationToken)
            ?? throw new ObjectMissingException(from.Name, file.Path);
        ArtifactFile copy = await writer.WriteFileAsync(request, name, content.Data.ToMemory(), file.MediaType, cancellationToken);
        return file with { Path = copy.Path };
    }
}
