using System.Diagnostics;
using System.Globalization;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Videos;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Processes;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>A film of two hours and two gigabytes through gpu-batch, which is killed half-way: what it takes of memory, and what of the
/// work is done twice.</summary>
internal sealed class FilmBenchmark(PipelineBenchmark pipeline)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private long _workerPeak,
        _decoderPeak;

    public async Task MeasureAsync(BenchReport report, FilmSpec spec, CancellationToken cancellationToken)
    {
        string film = await FilmMaker.MakeAsync(spec, cancellationToken);
        report.Add(new Measurement("Film, size", new FileInfo(film).Length / 1e9, "GB", "higher"));
        await using FileStream content = File.OpenRead(film);
        AssetSource source = await pipeline.Uploads.UploadAsync(content, cancellationToken);

        long startedAt = Stopwatch.GetTimestamp();
        int segments = (int)(spec.Duration / new VideoAnalysisOptions().Segment);
        VideoCheckpoint before = await UntilAsync(source, checkpoint => checkpoint.Segments.Count >= segments / 2, cancellationToken);
        pipeline.Stack.Workers.First().Kill();
        VideoCheckpoint after = await UntilAsync(
            source,
            checkpoint => checkpoint.Epoch > before.Epoch && checkpoint.Segments.Count > before.Segments.Count,
            cancellationToken
        );
        AnalysisDocument analysis = await FinishAsync(source, startedAt, cancellationToken);

        // The killed worker may have put down one more segment between the last look and its end.
        int kept = after.Segments.TakeWhile(path => path.EndsWith($"-{before.Epoch}.json", StringComparison.Ordinal)).Count();
        if (kept < before.Segments.Count)
        {
            throw new StackException($"After the kill {kept} segments were kept of {before.Segments.Count} that were finished.");
        }
        report.Add(new Measurement("Film, duration analysed", analysis.Video!.DurationSeconds / 60, "min", "higher"));
        report.Add(new Measurement("Film, shots", analysis.Video.Shots.Count, "", "higher"));
        report.Add(
            new Measurement(
                "Film, time with one kill -9 and the lease that runs out after it",
                Stopwatch.GetElapsedTime(startedAt).TotalMinutes,
                "min",
                "lower"
            )
        );
        report.Add(
            new Measurement(
                $"Film, segments kept over the kill (of {before.Segments.Count} finished)",
                kept,
                "",
                "higher",
                Aim: before.Segments.Count
            )
        );
        report.Add(new Measurement("Film, peak memory of gpu-batch", _workerPeak / 1e6, "MB", "lower", Aim: 1000));
        report.Add(new Measurement("Film, peak memory of its decoder", _decoderPeak / 1e6, "MB", "lower"));
    }

    private async Task<VideoCheckpoint> UntilAsync(
        AssetSource source,
        Func<VideoCheckpoint, bool> holds,
        CancellationToken cancellationToken
    )
    {
        string path = AssetLayout.Artifact(source.AssetId, source.VersionId, "checkpoint.json");
        long startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < Limit)
        {
            Sample();
            if (
                await pipeline.Uploads.Store.ReadAsync(path, 64 << 20, cancellationToken) is { } content
                && AssetsJson.Read<VideoCheckpoint>(content.Data) is { } checkpoint
                && holds(checkpoint)
            )
            {
                return checkpoint;
            }
            await Task.Delay(100, cancellationToken);
        }
        throw new StackException($"The film is not far enough after {Limit.TotalMinutes} minutes; see the logs in artifacts/film/logs.");
    }

    private async Task<AnalysisDocument> FinishAsync(AssetSource source, long startedAt, CancellationToken cancellationToken)
    {
        string path = AssetLayout.Analysis(source.AssetId, source.VersionId);
        while (Stopwatch.GetElapsedTime(startedAt) < Limit)
        {
            Sample();
            if (await pipeline.Uploads.Store.ReadAsync(path, 128 << 20, cancellationToken) is { } content)
            {
                return AssetsJson.Read<AnalysisDocument>(content.Data);
            }
            await Task.Delay(100, cancellationToken);
        }
        throw new StackException($"The film is not analysed after {Limit.TotalMinutes} minutes; see the logs in artifacts/film/logs.");
    }

    private void Sample()
    {
        ChildProcess worker = pipeline.Stack.Workers.First();
        _workerPeak = Math.Max(_workerPeak, worker.PeakMemoryBytes());
        foreach (int child in ChildrenOf(worker.ProcessId))
        {
            _decoderPeak = Math.Max(_decoderPeak, ChildProcess.PeakMemoryBytes(child));
        }
    }

    private static IEnumerable<int> ChildrenOf(int process)
    {
        string tasks = $"/proc/{process}/task";
        if (!Directory.Exists(tasks))
        {
            return [];
        }
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories(tasks)
                    .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
            ];
        }
        catch (IOException)
        {
            return []; // ended between the looks
        }
    }
}
