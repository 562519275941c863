using Serverless.Ingest.Documents;
using Serverless.Ingest.Models;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Copies what an analysis found, and the files beside it, to another version of an asset, or to another asset. Idempotent; thread-safe.
/// </summary>
public sealed class AnalysisCopy(AssetStores stores, AnalysisWriter writer)
{
    private const int ParallelCopies = 16;

    /// <summary>The document, which is not written yet, after all that it names.</summary>
    /// <exception cref="ObjectMissingException">Some of it was deleted meanwhile.</exception>
    public async Task<AnalysisDocument> MakeAsync(AnalysisDocument earlier, AnalysisRequest request, CancellationToken cancellationToken)
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
