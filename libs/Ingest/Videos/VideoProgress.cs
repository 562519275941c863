using Serverless.Ingest.Analyzers;
using Serverless.Storage;

namespace Serverless.Ingest.Videos;

/// <summary>
/// The checkpoint of one video in its store, held by one attempt. Every write is conditional on the last one, so that an attempt
/// whose lease was lost learns it at its next write and changes nothing.
/// </summary>
internal sealed class VideoProgress
{
    private const int MaxCheckpointBytes = 16 << 20;
    private const int MaxSegmentBytes = 256 << 20;

    private readonly IObjectStore _store;
    private readonly AnalysisRequest _request;
    private string _version;

    private VideoProgress(IObjectStore store, AnalysisRequest request, VideoCheckpoint checkpoint, string version) =>
        (_store, _request, Checkpoint, _version) = (store, request, checkpoint, version);

    public VideoCheckpoint Checkpoint { get; private set; }

    /// <exception cref="FencedOffException">A later hand-out of the same job holds it, or takes it at this moment.</exception>
    public static async Task<VideoProgress> ClaimAsync(
        IObjectStore store,
        AnalysisRequest request,
        JobClaim claim,
        CancellationToken cancellationToken
    )
    {
        string path = PathOf(request, "checkpoint.json");
        ObjectContent? found = await store.ReadAsync(path, MaxCheckpointBytes, cancellationToken);
        VideoCheckpoint? before = found is null ? null : AssetsJson.Read<VideoCheckpoint>(found.Data);
        if (before is not null && before.Claim.JobId == claim.JobId && before.Claim.Attempt > claim.Attempt)
        {
            throw new FencedOffException($"Attempt {claim.Attempt} of job {claim.JobId} comes after attempt {before.Claim.Attempt}.");
        }

        VideoCheckpoint mine = before is null
            ? new VideoCheckpoint(claim, 1, null, [])
            : before with
            {
                Claim = claim,
                Epoch = before.Epoch + 1,
            };
        VideoProgress progress = new(store, request, mine, found?.Object.Version ?? "");
        await progress.SaveAsync(mine, cancellationToken);
        return progress;
    }

    public async Task<List<AnalysedShot>> LoadShotsAsync(CancellationToken cancellationToken)
    {
        List<AnalysedShot> shots = [];
        foreach (string path in Checkpoint.Segments)
        {
            ObjectContent content = await _store.ReadAsync(path, MaxSegmentBytes, cancellationToken)
                ?? throw new InvalidOperationException($"Segment {path}, which the checkpoint names, is missing: report this.");
            shots.AddRange(AssetsJson.Read<VideoSegment>(content.Data).Shots);
        }
        return shots;
    }

    /// <summary>Puts down a finished segment, then the checkpoint that names it.</summary>
    public async Task AdvanceAsync(VideoSegment segment, Media.Shots.ShotTracker.State tracker, CancellationToken cancellationToken)
    {
        string path = PathOf(_request, $"segment-{Checkpoint.Segments.Count:D5}-{Checkpoint.Epoch}.json");
        using Stream body = AssetsJson.Write(segment).ToStream();
        await _store.WriteAsync(path, body, WriteCondition.Always, "application/json", cancellationToken);
        await SaveAsync(Checkpoint with { Tracker = tracker, Segments = [.. Checkpoint.Segments, path] }, cancellationToken);
    }

    /// <summary>Makes sure that this attempt still holds the video.</summary>
    public Task ConfirmAsync(CancellationToken cancellationToken) => SaveAsync(Checkpoint, cancellationToken);

    /// <summary>Removes what only a continuation would need.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        foreach (string path in Checkpoint.Segments)
        {
            await _store.DeleteAsync(path, cancellationToken);
        }
        await _store.DeleteAsync(PathOf(_request, "checkpoint.json"), cancellationToken);
    }

    private async Task SaveAsync(VideoCheckpoint next, CancellationToken cancellationToken)
    {
        string path = PathOf(_request, "checkpoint.json");
        using Stream body = AssetsJson.Write(next).ToStream();
        try
        {
            StoredObject written = await _store.WriteAsync(
                path,
                body,
                _version.Length == 0 ? WriteCondition.IfAbsent : WriteCondition.IfMatch(_version),
                "application/json",
                cancellationToken
            );
            _version = written.Version;
        }
        catch (ObjectConflictException)
        {
            // It may be this very write, whose answer was lost.
            ObjectContent? found = await _store.ReadAsync(path, MaxCheckpointBytes, cancellationToken);
            VideoCheckpoint? there = found is null ? null : AssetsJson.Read<VideoCheckpoint>(found.Data);
            if (there is null || there.Claim != next.Claim || there.Epoch != next.Epoch || there.Segments.Count != next.Segments.Count)
            {
                throw new FencedOffException(
                    $"Attempt {next.Claim.Attempt} of job {next.Claim.JobId} was replaced by "
                        + $"{there?.Claim.ToString() ?? "one that is done"}."
                );
            }
            _version = found!.Object.Version;
        }
        Checkpoint = next;
    }

    private static string PathOf(AnalysisRequest request, string name) =>
        AssetLayout.Artifact(request.Source.AssetId, request.Source.VersionId, name);
}
