using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>One film of several minutes through gpu-batch, against the two things it cannot do without, the three taking turns.</summary>
internal static class VideoBenchmark
{
    public static async Task MeasureAsync(
        BenchReport report,
        PipelineUploads uploads,
        BareLimits limits,
        TimeSpan duration,
        int rounds,
        CancellationToken cancellationToken
    )
    {
        byte[] film = await File.ReadAllBytesAsync(
            await FilmMaker.MakeAsync(FilmSpec.Ordinary(duration), cancellationToken),
            cancellationToken
        );
        string path = await FilmMaker.MakeAsync(FilmSpec.Ordinary(duration), cancellationToken);
        double decode = double.MaxValue,
            models = double.MaxValue,
            ours = double.MaxValue,
            frames = 0;
        for (int i = 0; i < rounds; i++)
        {
            decode = Math.Min(decode, await BareLimits.FilmSecondsAsync(path, cancellationToken));
            AnalysisDocument analysis = await uploads.AnalyseAsync(film, cancellationToken);
            ours = Math.Min(ours, (analysis.Timings.TotalMilliseconds - analysis.Timings.QueueMilliseconds) / 1000);
            frames = analysis.Video!.DurationSeconds * analysis.Video.FrameRate;
            models = Math.Min(
                models,
                limits.InferenceSeconds(await KeyframesAsync(uploads.Store, analysis, cancellationToken), cancellationToken)
            );
        }
        double slower = Math.Max(decode, models);
        report.Add(new Measurement("Video, bare inference over its keyframes", models, "s", "lower"));
        report.Add(
            new Measurement(
                "Video",
                frames / ours,
                "frames/s",
                "higher",
                Peer: "ffmpeg -f null",
                PeerValue: frames / decode,
                Ratio: decode / ours
            )
        );
        report.Add(
            new Measurement("Video, time beside the slower of bare decoding and bare inference", ours / slower, "times", "lower", Aim: 1.3)
        );
    }

    private static async Task<List<byte[]>> KeyframesAsync(
        IObjectStore store,
        AnalysisDocument analysis,
        CancellationToken cancellationToken
    )
    {
        List<byte[]> pictures = [];
        foreach (ShotFinding shot in analysis.Video!.Shots)
        {
            ObjectContent content = await store.ReadAsync(shot.Keyframe.Image.Path, 4 << 20, cancellationToken)
                ?? throw new InvalidOperationException($"{shot.Keyframe.Image.Path} is missing.");
            pictures.Add(content.Data.ToArray());
        }
        return pictures;
    }
}
