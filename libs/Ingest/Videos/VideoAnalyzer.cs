using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Metadata;
using Serverless.Media.Shots;
using Serverless.Media.Video;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Videos;

/// <summary>
/// A video → shots with keyframes, labels, vectors and captions, and the finished analysis document. Continues what an earlier attempt has
/// put down. Idempotent by version; thread-safe.
/// </summary>
public sealed class VideoAnalyzer(
    AssetStores stores,
    VideoTempFiles tempFiles,
    VideoReader reader,
    KeyframeAnalyzer keyframes,
    SubtitleReader subtitleReader,
    SubtitleAnalyzer subtitles,
    Sidecars sidecars,
    AnalysisWriter writer,
    AnalysisReuse reuse,
    AnalysisFingerprints fingerprints,
    VideoAnalysisOptions options,
    ShotOptions shotOptions,
    TimeProvider time
)
{
    /// <exception cref="FencedOffException">A later attempt has the video.</exception>
    public async Task<AnalysisOutcome> AnalyseAsync(
        AnalysisRequest request,
        JobClaim claim,
        TimeSpan queued,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await FindAnalysisAsync(request, cancellationToken) is { } stands)
            {
                return AnalysisOutcome.Of(stands);
            }
            VideoProgress progress = await VideoProgress.ClaimAsync(stores[request.Source.Store], request, claim, cancellationToken);
            AnalysisOutcome outcome = await AnalyseAsync(request, progress, queued, cancellationToken);
            await progress.ClearAsync(cancellationToken);
            return outcome;
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

    private async Task<AnalysisOutcome> AnalyseAsync(
        AnalysisRequest request,
        VideoProgress progress,
        TimeSpan queued,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        using VideoTempFiles.TempVideo video = await tempFiles.FetchAsync(request, cancellationToken);
        TimeSpan reading = time.GetElapsedTime(started);
        if (
            await reuse.TryAsync(
                request,
                video.Sha256,
                () => CopyTimings(queued, reading, time.GetElapsedTime(started)),
                cancellationToken
            ) is
            { } copy
        )
        {
            return AnalysisOutcome.Of(copy);
        }
        VideoInfo info;
        IReadOnlyList<AnalysedShot> shots;
        TimeSpan end;
        try
        {
            info = await reader.ProbeAsync(video.Path, cancellationToken);
            int side = await keyframes.SideOfAsync(request, info, cancellationToken);
            VideoRun run = new(reader, keyframes, progress, shotOptions, options, request, video.Path, info, side);
            (shots, end) = await run.RunAsync(cancellationToken);
        }
        catch (MediaRejectedException e)
        {
            return AnalysisOutcome.Refuse(e);
        }
        TimeSpan decoding = time.GetElapsedTime(started) - reading;
        IReadOnlyList<Sidecar> beside = await sidecars.FindAsync(request.Source, cancellationToken);
        (FilmExtras extras, string? fault) = await ReadExtrasAsync(video.Path, cancellationToken);
        SubtitleAnalysis spoken = await subtitles.AnalyseAsync(request, video.Path, info, end, extras.Tracks, beside, cancellationToken);

        long writing = time.GetTimestamp();
        await progress.ConfirmAsync(cancellationToken);
        ArtifactFile captions = await writer.WriteFileAsync(
            request,
            "shots.vtt",
            System.Text.Encoding.UTF8.GetBytes(CaptionsOf(shots)),
            "text/vtt",
            cancellationToken
        );
        IReadOnlyList<EmbeddingFile> vectors = await writer.WriteVectorsAsync(
            request,
            shots.SelectMany(EntriesOf).Concat(spoken.Vectors),
            cancellationToken
        );
        ModelUse[] models = [.. shots.SelectMany(shot => shot.Models).Concat(spoken.Models).Distinct()];
        AnalysisDraft draft = new(video.Sha256, fingerprints.Of(request.Kind, models, beside), vectors, models)
        {
            Metadata = FilmMetadata.Read(extras.Tags),
            Spent = shots.SelectMany(shot => shot.Spent ?? []).Concat(spoken.Spent),
            Video = FindingsOf(request, info, end, shots, captions) with
            {
                Subtitles = spoken.Findings,
                Warnings = fault is null ? spoken.Warnings : [fault, .. spoken.Warnings],
            },
        };
        AnalysisTimings timings = new()
        {
            QueueMilliseconds = Milliseconds(queued),
            ReadMilliseconds = Milliseconds(reading),
            DecodeMilliseconds = Milliseconds(decoding),
            InferenceMilliseconds = Math.Round(shots.Sum(shot => shot.InferenceMilliseconds), 2), // of all attempts, beside the decoding
            WriteMilliseconds = Milliseconds(time.GetElapsedTime(writing)),
            TotalMilliseconds = Milliseconds(queued + time.GetElapsedTime(started)),
        };
        AnalysisDocument document = draft.ToDocument(request, timings, time.GetUtcNow());
        await writer.WriteDocumentAsync(document, cancellationToken);
        return AnalysisOutcome.Of(document);
    }

    /// <summary>A film whose pictures were read is not refused for what it carries beside them.</summary>
    private async Task<(FilmExtras Extras, string? Fault)> ReadExtrasAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await subtitleReader.ProbeAsync(file, cancellationToken), null);
        }
        catch (MediaRejectedException e)
        {
            return (new FilmExtras([], new Dictionary<string, string>()), $"Subtitles and tags were not read: {e.Message}");
        }
    }

    private static AnalysisTimings CopyTimings(TimeSpan queued, TimeSpan reading, TimeSpan total) =>
        new()
        {
            QueueMilliseconds = Milliseconds(queued),
            ReadMilliseconds = Milliseconds(reading),
            WriteMilliseconds = Milliseconds(total - reading),
            TotalMilliseconds = Milliseconds(queued + total),
        };

    /// <summary>The document that an earlier attempt has written; null where none has.</summary>
    private async Task<AnalysisDocument?> FindAnalysisAsync(AnalysisRequest request, CancellationToken cancellationToken) =>
        await writer.ReadDocumentAsync(request.Source, cancellationToken) is { } document && document.Revision >= request.Revision
            ? document
            : null;

    private static double Milliseconds(TimeSpan elapsed) => Math.Round(elapsed.TotalMilliseconds, 2);

    private static IEnumerable<SpaceVectors> EntriesOf(AnalysedShot shot)
    {
        string place = Place.OfTime(shot.Finding.StartSeconds, shot.Finding.EndSeconds);
        return shot.Vectors.Select(vector => new SpaceVectors(
            vector.Space,
            [new VectorEntry(EntryKind.Of(MediaKind.Video), place, shot.Caption, vector.Vector)]
        ));
    }

    private static string CaptionsOf(IReadOnlyList<AnalysedShot> shots) =>
        WebVtt.Write(
            shots
                .Where(shot => shot.Finding.EndSeconds > shot.Finding.StartSeconds)
                .Select(shot => new WebVttCue(
                    TimeSpan.FromSeconds(shot.Finding.StartSeconds),
                    TimeSpan.FromSeconds(shot.Finding.EndSeconds),
                    shot.Caption.Length > 0 ? shot.Caption : $"shot {shot.Finding.Index + 1}"
                ))
        );

    private static VideoFindings FindingsOf(
        AnalysisRequest request,
        VideoInfo info,
        TimeSpan end,
        IReadOnlyList<AnalysedShot> shots,
        ArtifactFile captions
    ) =>
        new()
        {
            Container = request.MediaType,
            DurationSeconds = Math.Round(end.TotalSeconds, 3),
            Width = info.Width,
            Height = info.Height,
            FrameRate = Math.Round(info.FrameRate, 3),
            VideoCodec = info.Codec,
            Audio = info.Audio is { } audio ? new AudioFinding(audio.Codec, audio.SampleRate, audio.Channels) : null,
            Shots = [.. shots.Select(shot => shot.Finding)],
            Captions = captions,
        };
}
