using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Captures;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Runs;

/// <summary>What is recorded, through a real store, into the index of another process.</summary>
public sealed class RunIndexTests(SharedServers servers) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly RunIndexOptions _options = new() { MaxTailBytes = 4 << 10 };
    private StallingStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = new StallingStore(await TestBucket.OpenAsync(servers));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task WhatIsRecorded_IsFoundByAnotherProcess_AtOnce()
    {
        using RunRecorder recorder = await StartAsync();
        using RunIndex index = Open();
        Assert.Empty(await IdsAsync(index));

        RunEntry recorded = RunsOf.Run("a/b%\n", 5) with { Tags = ["asset:azure:media/ö.jpg"], Input = "{}", Parent = "p" };
        await recorder.RecordAsync(recorded, Token);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equivalent(recorded, await index.FindAsync(recorded.Id, Token), strict: true);
    }

    [Fact]
    public async Task ManyRuns_OfManyTurns_AreEachFoundOnceAsTheyEnded()
    {
        using RunRecorder recorder = await StartAsync();
        using RunIndex index = Open();
        for (int i = 0; i < 300; i++)
        {
            RunEntry run = RunsOf.Run($"run-{i:d3}", i, RunStatus.Running);
            recorder.TryRecord(run);
            await recorder.RecordAsync(run with { Status = RunStatus.Completed, Updated = run.Updated.AddSeconds(1) }, Token);
            if (i % 50 == 0)
            {
                _time.Advance(TimeSpan.FromMinutes(20)); // it is read meanwhile, across hours
                await IdsAsync(index);
            }
        }
        _time.Advance(TimeSpan.FromSeconds(1));

        RunSummary summary = await index.SummariseAsync(new RunFilter(), Token);
        Assert.Equal([new KeyValuePair<string, int>("completed", 300)], summary.Statuses);
        Assert.Equal(300, (await IdsAsync(Open())).Count);
        Assert.True(await CountAsync(RunFiles.Segments) > 3);
    }

    [Fact]
    public async Task Keeping_MergesFiles_AndLosesNoRun()
    {
        for (int process = 0; process < 3; process++)
        {
            using RunRecorder recorder = await StartAsync();
            for (int i = 0; i < 150; i++)
            {
                await recorder.RecordAsync(RunsOf.Run($"run-{process}-{i:d3}", i), Token);
            }
            await recorder.StopAsync(Token);
        }
        using RunIndex before = Open();
        List<string> runs = await IdsAsync(before);
        int files = await CountAsync(RunFiles.Segments);
        _time.Advance(TimeSpan.FromHours(5));

        await Keeping().KeepAsync(Token);

        Assert.Equal(450, runs.Count);
        Assert.Equal(0, await CountAsync(RunFiles.Tails));
        Assert.InRange(await CountAsync(RunFiles.Segments), 1, Math.Min(files - 1, RunKeeping.MaxFiles));
        Assert.Equal(runs, await IdsAsync(Open()));
        Assert.Equal(runs, await IdsAsync(before));
    }

    [Fact]
    public async Task SegmentsOfARecorder_GoTogether_AndNoReaderMissesARun()
    {
        using RunRecorder recorder = await StartAsync();
        using RunIndex meanwhile = Open();
        for (int i = 0; i < 1_000; i++)
        {
            await recorder.RecordAsync(RunsOf.Run($"run-{i:d4}", i) with { Input = $"{i}{new string('x', 100)}" }, Token);
            if (i % 100 == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                Assert.Equal(i + 1, (await IdsAsync(meanwhile)).Count);
            }
        }
        await recorder.StopAsync(Token);

        Assert.Equal(1_000, (await IdsAsync(Open())).Count);
        // 1,000 entries fill more than 64 tails of 4 KiB, which are merged by 16; the last two times 16 still stand apart.
        Assert.InRange(await CountAsync(RunFiles.Segments), 4, 40);
    }

    [Fact]
    public async Task Keeping_MakesNoFileThatNobodyCouldRead()
    {
        // Of what compresses well, small files hold much.
        string large = new('x', 1 << 20);
        for (int file = 0; file < 80; file++)
        {
            byte[] content = RunFiles.Compress([RunLine.Write(RunsOf.Run($"run-{file:d2}") with { Input = large })]);
            using MemoryStream body = new(content);
            string path = RunFiles.SegmentOf(_time.GetUtcNow(), "writer", file);
            await _store.WriteAsync(path, body, WriteCondition.Always, RunFiles.SegmentType, Token);
        }
        _time.Advance(TimeSpan.FromHours(5));

        await Keeping().KeepAsync(Token);

        Assert.Equal(80, (await IdsAsync(Open())).Count);
    }

    [Fact]
    public async Task Keeping_RemovesWhatIsOlderThanTheRetention()
    {
        using RunRecorder recorder = await StartAsync();
        for (int i = 0; i < 100; i++)
        {
            await recorder.RecordAsync(RunsOf.Run($"run-{i:d3}", i), Token);
        }
        _time.Advance(_options.Retention + TimeSpan.FromHours(1));

        await Keeping().KeepAsync(Token);

        Assert.InRange((await IdsAsync(Open())).Count, 1, 99); // of the tail, which has no hour until it is taken over
    }

    [Fact]
    public async Task AStoreThatFails_HoldsATurnUpForAWhile_AndGetsTheEntryLater()
    {
        using RunRecorder recorder = await StartAsync();
        _store.Fails = true;

        Task late = recorder.RecordAsync(RunsOf.Run("a"), Token);
        await Recorder.UntilAsync(() => Task.FromResult(_time.IsAwaited(_time.GetUtcNow() + _options.WaitAtMost)));
        Assert.False(late.IsCompleted);
        _time.Advance(_options.WaitAtMost);
        await late;
        _store.Fails = false;

        using RunIndex index = Open();
        await Recorder.UntilAsync(async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return (await IdsAsync(index)).Count == 1;
        });
    }

    [Fact]
    public async Task EntriesBeyondWhatMayWait_AreDropped_AndThatIsRemembered()
    {
        _options.MaxPending = 2;
        _store.Stall();
        using RunRecorder recorder = await StartAsync();
        Assert.True(recorder.TryRecord(RunsOf.Run("written")));
        await _store.HangsAsync(Token);

        int taken = Enumerable.Range(0, 10).Count(i => recorder.TryRecord(RunsOf.Run($"{i}")));

        Assert.Equal(_options.MaxPending, taken);
        Assert.Equal(_time.GetUtcNow(), recorder.TakeMissedSince());
        Assert.Null(recorder.TakeMissedSince());
        _store.Resume();
        await recorder.StopAsync(Token);
    }

    [Fact]
    public async Task AStoreBesideThatIsAway_KeepsNobodyFromTheOther_AndIsNamed()
    {
        StallingStore beside = new(await TestBucket.OpenAsync(servers));
        using RunRecorder recorder = await StartAsync();
        using RunRecorder other = new(beside, _options, _time, NullLogger<RunRecorder>.Instance);
        await other.StartAsync(Token);
        await recorder.RecordAsync(RunsOf.Run("a"), Token);
        await other.RecordAsync(RunsOf.Run("lambda:b") with { Kind = RunKind.Lambda }, Token);
        using RunIndex index = new([_store, beside], _options, _time, NullLogger<RunIndex>.Instance);
        beside.IsAway = true;

        Assert.Equal(["a"], await IdsAsync(index));
        Assert.Contains("does not answer", index.Incomplete, StringComparison.Ordinal);
        beside.IsAway = false;
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["a", "lambda:b"], await IdsAsync(index));
        Assert.Null(index.Incomplete);
        await other.StopAsync(Token);
    }

    [Fact]
    public async Task ADamagedFile_IsLeftOut_AndTheOthersAreRead()
    {
        using RunRecorder recorder = await StartAsync();
        await recorder.RecordAsync(RunsOf.Run("a"), Token);
        foreach (string path in new[] { $"{RunFiles.Tails}bad.jsonl", $"{RunFiles.FolderOf(_time.GetUtcNow())}bad.jsonl.gz" })
        {
            using Stream body = new BinaryData("{\"id\":").ToStream();
            await _store.WriteAsync(path, body, WriteCondition.Always, RunFiles.TailType, Token);
        }

        Assert.Equal(["a"], await IdsAsync(Open()));
    }

    private async Task<RunRecorder> StartAsync()
    {
        RunRecorder recorder = new(_store, _options, _time, NullLogger<RunRecorder>.Instance);
        await recorder.StartAsync(Token);
        return recorder;
    }

    private RunIndex Open() => new([_store], _options, _time, NullLogger<RunIndex>.Instance);

    private RunKeeping Keeping() => new([_store], _options, _time, NullLogger<RunKeeping>.Instance);

    private static async Task<List<string>> IdsAsync(RunIndex index)
    {
        List<string> ids = [];
        await foreach (RunEntry run in index.MatchAsync(new RunFilter(), Token))
        {
            ids.Add(run.Id);
        }
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    private async Task<int> CountAsync(string prefix)
    {
        int count = 0;
        await foreach (StoredObject file in _store.ListAsync(prefix, Token))
        {
            count++;
        }
        return count;
    }
}
