using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Local.Stack;
using Serverless.Runs;
using Serverless.Storage;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>
/// The index of 100,000 runs over the real server: what an entry costs the turn that waits for it, and what a person waits for who opens
/// the list, filters it or goes on. Measured in this process, without HTTP and without the look at the run store for the rows shown.
/// </summary>
internal static class RunsBenchmark
{
    /// <summary>As many turns as the host takes at once on a machine of some cores.</summary>
    private const int Turns = 64;

    private static readonly RunIndexOptions Options = new();
    private static readonly string[] Names = ["IngestAsset", "PromoteModel", "CheckDrift", "DeliverWebhook"];

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        int runs = quick ? 2_000 : 100_000;
        AnsiConsole.WriteLine($"The index of {runs:N0} runs ...");
        await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("runs", TimeProvider.System, cancellationToken);
        await pipeline.Stack.StopProgramsAsync();
        using PipelineClient client = new(pipeline.Stack);
        DateTimeOffset since = TimeProvider.System.GetUtcNow().AddDays(-7);
        await MeasureWritingAsync(report, client.Azure, runs, since, cancellationToken);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using RunIndex index = new([client.Azure], Options, TimeProvider.System, NullLogger<RunIndex>.Instance);
        await TimeAsync(report, "First view of the list after a start", () => LookAsync(index, new RunFilter(), RunSort.Created));
        report.Add(
            new Measurement(
                "Memory of the index",
                (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)runs,
                "bytes/run",
                "lower"
            )
        );
        await TimeAsync(report, "First view, warm", () => LookAsync(index, new RunFilter(), RunSort.Created));
        RunFilter failed = new() { Statuses = [RunStatus.Failed], From = since.AddDays(3) };
        await TimeAsync(report, "Filter by status and time", () => LookAsync(index, failed, RunSort.Created));
        RunFilter text = new() { Text = "harbour-77" };
        await TimeAsync(report, "Filter by text in payloads", () => LookAsync(index, text, RunSort.Created));
        RunFilter tag = new() { Tags = ["model:entities/3"] };
        await TimeAsync(report, "Filter by tag, longest first", () => LookAsync(index, tag, RunSort.Duration));
        await TimeAsync(report, "Sorted by name", () => LookAsync(index, new RunFilter(), RunSort.Name));
    }

    private static async Task MeasureWritingAsync(
        BenchReport report,
        IObjectStore store,
        int runs,
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        using RunRecorder recorder = new(store, Options, TimeProvider.System, NullLogger<RunRecorder>.Instance);
        await recorder.StartAsync(cancellationToken);
        double[] waits = new double[runs];
        long started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0,
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = Turns, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                RunEntry entry = Entry(i, runs, since);
                long begun = Stopwatch.GetTimestamp();
                await recorder.RecordAsync(entry with { Status = RunStatus.Running, Ended = null, Updated = entry.Created }, token);
                await recorder.RecordAsync(entry, token);
                waits[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds / 2;
            }
        );
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await recorder.StopAsync(cancellationToken);
        Array.Sort(waits);
        report.Add(new Measurement($"Entries written, {Turns} turns at once", 2 * runs / seconds, "entries/s", "higher"));
        report.Add(new Measurement("What a turn waits for its entry, p50", waits[runs / 2], "ms", "lower"));
        report.Add(new Measurement("What a turn waits for its entry, p99", waits[runs * 99 / 100], "ms", "lower"));
    }

    /// <summary>What the console asks for: a page, and the counts with the histogram.</summary>
    private static async Task LookAsync(RunIndex index, RunFilter filter, RunSort sort)
    {
        await index.FindAsync(new RunQuery(filter, sort, IsDescending: true, 50), CancellationToken.None);
        await index.SummariseAsync(filter, CancellationToken.None);
    }

    private static async Task TimeAsync(BenchReport report, string what, Func<Task> look)
    {
        long started = Stopwatch.GetTimestamp();
        await look();
        report.Add(new Measurement(what, Stopwatch.GetElapsedTime(started).TotalSeconds, "s", "lower", Aim: 1));
    }

    private static RunEntry Entry(int i, int runs, DateTimeOffset since)
    {
        DateTimeOffset created = since.AddSeconds(TimeSpan.FromDays(7).TotalSeconds * i / runs);
        return new RunEntry
        {
            Id = $"h5hjhzhcyhevsrqqt37gpb{i:x8}-vzd72yytipo4x",
            Name = Names[i % 10 == 0 ? 1 + i / 10 % 3 : 0],
            Status = i % 50 == 0 ? RunStatus.Failed : RunStatus.Completed,
            Created = created,
            Updated = created.AddSeconds(2),
            Ended = created.AddSeconds(2 + i % 17),
            Outcome = i % 40 == 0 ? "quarantined" : "processed",
            Stage = "Processed",
            Tags = [$"asset:azure:media/{i % 100:00}/harbour-{i}.jpg", $"model:entities/{i % 5}"],
            Input = $$"""{"Source":{"Store":"azure","Container":"media","Key":"{{i % 100:00}}/harbour-{{i}}.jpg","Version":"{{i:X8}}"} }""",
            Output = """{"State":"Processed","Attempts":1,"Failure":null}""",
            CustomStatus = """{"Stage":"Processed","Attempt":1}""",
        };
    }
}
