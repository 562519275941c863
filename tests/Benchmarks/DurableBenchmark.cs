using System.Diagnostics;
using DurableTask.Core;
using Serverless.Local.Stack;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>How much is measured; the official provider does some 25 orchestrations a second and gets fewer to do.</summary>
internal sealed record DurablePlan(
    int Rounds,
    int Single,
    int AzureSingle,
    int Many,
    int AzureMany,
    int FanOut,
    int LargeFanOut,
    int Events,
    int AzureEvents
)
{
    public static DurablePlan Of(bool quick) =>
        quick
            ? new(Rounds: 1, Single: 50, AzureSingle: 1, Many: 300, AzureMany: 32, FanOut: 50, LargeFanOut: 500, Events: 20, AzureEvents: 3)
            : new(
                Rounds: 3,
                Single: 300,
                AzureSingle: 3,
                Many: 3_000,
                AzureMany: 128,
                FanOut: 1_000,
                LargeFanOut: 20_000,
                Events: 200,
                AzureEvents: 30
            );
}

/// <summary>
/// The Durable provider on SQLite beside the official one on Azurite and beside grouped commits of the same bytes, taking turns.
/// </summary>
internal sealed class DurableBenchmark : IAsyncDisposable
{
    private const int Callers = 64;

    /// <summary>An orchestration of one activity is started, has a turn, gets the activity's result, has its last turn.</summary>
    private const int ChangesOfOne = 4;

    /// <summary>Each event is written twice: as a message, then as history.</summary>
    private const int WritesOfEvent = 2;

    private readonly LocalStack _stores;
    private readonly DurableHub _sqlite;
    private readonly DurableHub _azure;
    private readonly GroupedCommits _raw;
    private readonly string _content;

    private DurableBenchmark(LocalStack stores, DurableHub sqlite, DurableHub azure, GroupedCommits raw, int historyBytes)
    {
        (_stores, _sqlite, _azure, _raw) = (stores, sqlite, azure, raw);
        _content = new string('x', WritesOfEvent * historyBytes / ChangesOfOne);
    }

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        AnsiConsole.WriteLine("Durable ...");
        DurablePlan plan = DurablePlan.Of(quick);
        await using DurableBenchmark benchmark = await StartAsync(cancellationToken);
        await benchmark.MeasureRateAsync(report, plan.Rounds, callers: 1, plan.Single, plan.AzureSingle, cancellationToken);
        await benchmark.MeasureRateAsync(report, plan.Rounds, Callers, plan.Many, plan.AzureMany, cancellationToken);
        await benchmark.MeasureFanOutAsync(report, plan.Rounds, plan.FanOut, cancellationToken);
        await benchmark.MeasureEventsAsync(report, plan.Events, plan.AzureEvents, cancellationToken);
        await benchmark.MeasureLargeFanOutAsync(report, plan.FanOut, plan.LargeFanOut, cancellationToken);
        await StoredRunsBenchmark.RunAsync(report, quick, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _raw.Dispose();
        await _sqlite.DisposeAsync();
        await _azure.DisposeAsync();
        await _stores.DisposeAsync();
    }

    private static async Task<DurableBenchmark> StartAsync(CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Checkout.Root, "artifacts", "durable");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        StackOptions options = new() { DataDirectory = folder, Ports = StackPorts.Free() };
        LocalStack stores = await LocalStack.StartStoresAsync(options, TimeProvider.System, cancellationToken);
        DurableHub sqlite = await DurableHub.StartSqliteAsync(Path.Combine(folder, "durable.db"));
        DurableHub azure = await DurableHub.StartAzureStorageAsync(stores.AzureConnectionString);
        await Task.WhenAll(new[] { sqlite, azure }.Select(hub => hub.RunOneActivityAsync(cancellationToken))); // compiled, partitions taken
        int historyBytes = await sqlite.MeasureHistoryBytesAsync(cancellationToken);
        return new DurableBenchmark(stores, sqlite, azure, new GroupedCommits(Path.Combine(folder, "journal.db")), historyBytes);
    }

    private async Task MeasureRateAsync(
        BenchReport report,
        int rounds,
        int callers,
        int count,
        int azureCount,
        CancellationToken cancellationToken
    )
    {
        Turns sqlite = new(),
            azure = new(),
            raw = new();
        for (int round = 0; round < rounds; round++)
        {
            await sqlite.AddAsync(callers, count, _sqlite.RunOneActivityAsync, cancellationToken);
            await azure.AddAsync(callers, azureCount, _azure.RunOneActivityAsync, cancellationToken);
            await raw.AddAsync(callers, count, AppendOneAsync, cancellationToken);
        }
        string what = $"Durable, one activity, {callers} at a time";
        AddRates(report, what, "orchestrations/s", sqlite, azure, raw);
        foreach ((string name, double share) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            report.Add(Compare($"{what}, {name}", "ms", sqlite.Times.At(share), _azure.Name, azure.Times.At(share)));
        }
        report.Add(
            Compare(
                $"{what}, processor time of this process each",
                "ms",
                sqlite.ProcessorMilliseconds,
                _azure.Name,
                azure.ProcessorMilliseconds
            )
        );
    }

    private async Task MeasureFanOutAsync(BenchReport report, int rounds, int activities, CancellationToken cancellationToken)
    {
        Turns sqlite = new(),
            azure = new(),
            raw = new();
        for (int round = 0; round < rounds; round++)
        {
            await sqlite.AddAsync(1, 1, token => _sqlite.RunFanOutAsync(activities, token), cancellationToken);
            if (round == 0) // takes most of a minute
            {
                await azure.AddAsync(1, 1, token => _azure.RunFanOutAsync(activities, token), cancellationToken);
            }
            await raw.AddAsync(1, 1, token => AppendFanOutAsync(activities, token), cancellationToken);
        }
        AddRates(report, $"Durable, fan-out of {activities}", "activities/s", sqlite, azure, raw, each: activities);
    }

    /// <summary>Twenty times as many activities; the framework searches the history for each result, and takes longer for each.</summary>
    private async Task MeasureLargeFanOutAsync(BenchReport report, int small, int large, CancellationToken cancellationToken)
    {
        Turns few = new(),
            many = new();
        await few.AddAsync(1, 1, token => _sqlite.RunFanOutAsync(small, token), cancellationToken);
        await many.AddAsync(1, 1, token => _sqlite.RunFanOutAsync(large, token), cancellationToken);
        string what = $"Durable, fan-out of {large:N0}";
        report.Add(
            new Measurement(
                what,
                large * many.Rate,
                "activities/s",
                "higher",
                Peer: $"fan-out of {small:N0}",
                PeerValue: small * few.Rate,
                Ratio: large * many.Rate / (small * few.Rate)
            )
        );
        report.Add(new Measurement($"{what}, most memory of this process so far", PeakBytes() / 1e6, "MB", "lower"));

        static long PeakBytes()
        {
            using Process own = Process.GetCurrentProcess();
            return own.PeakWorkingSet64;
        }
    }

    private async Task MeasureEventsAsync(BenchReport report, int events, int azureEvents, CancellationToken cancellationToken)
    {
        Timings sqlite = new(),
            azure = new(),
            raw = new();
        Queue<OrchestrationInstance> here = new(await _sqlite.StartWaitingAsync(events, cancellationToken));
        Queue<OrchestrationInstance> there = new(await _azure.StartWaitingAsync(azureEvents, cancellationToken));
        while (here.Count > 0)
        {
            sqlite.Add(await _sqlite.TimeEventAsync(here.Dequeue(), cancellationToken));
            long startedAt = Stopwatch.GetTimestamp();
            await _raw.AppendAsync(_content);
            raw.Add(Stopwatch.GetElapsedTime(startedAt));
            if (here.Count * azureEvents < there.Count * events)
            {
                azure.Add(await _azure.TimeEventAsync(there.Dequeue(), cancellationToken));
            }
        }
        foreach (double share in new[] { 0.5, 0.99 })
        {
            string what = $"Durable, event raised until the orchestration goes on, p{share * 100:0}";
            report.Add(Compare(what, "ms", sqlite.At(share), _azure.Name, azure.At(share)));
            report.Add(Compare($"{what}, beside one commit", "ms", sqlite.At(share), "raw commit", raw.At(share)));
        }
    }

    private void AddRates(BenchReport report, string what, string unit, Turns sqlite, Turns azure, Turns raw, int each = 1)
    {
        string journal = $"raw grouped commits, {_content.Length} bytes each";
        report.Add(Compare(what, unit, each * sqlite.Rate, _azure.Name, each * azure.Rate, "higher"));
        report.Add(Compare($"{what}, beside the journal alone", unit, each * sqlite.Rate, journal, each * raw.Rate, "higher"));
    }

    private static Measurement Compare(string what, string unit, double value, string peer, double peerValue, string better = "lower") =>
        new(what, value, unit, better, Peer: peer, PeerValue: peerValue, Ratio: value / peerValue);

    private async Task AppendOneAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < ChangesOfOne; i++)
        {
            await _raw.AppendAsync(_content);
        }
    }

    /// <summary>As much at a time as activities run.</summary>
    private Task AppendFanOutAsync(int activities, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, activities),
            new ParallelOptions { MaxDegreeOfParallelism = DurableHub.MaxActivities, CancellationToken = cancellationToken },
            async (_, _) => await _raw.AppendAsync(_content)
        );

    /// <summary>What the turns of one of those compared took, all together.</summary>
    private sealed class Turns
    {
        private double _seconds;
        private double _processorSeconds;

        public Timings Times { get; } = new();

        public double Rate => Times.Count / _seconds;

        public double ProcessorMilliseconds => _processorSeconds * 1000 / Times.Count;

        public async Task AddAsync(int callers, int count, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long startedAt = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = callers, CancellationToken = cancellationToken },
                async (_, token) =>
                {
                    long begun = Stopwatch.GetTimestamp();
                    await work(token);
                    lock (Times)
                    {
                        Times.Add(Stopwatch.GetElapsedTime(begun));
                    }
                }
            );
            _seconds += Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
            _processorSeconds += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }
    }
}
