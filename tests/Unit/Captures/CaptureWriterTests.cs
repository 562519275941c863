using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Captures;

public sealed class CaptureWriterTests(SharedServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private StallingStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = new StallingStore(await TestBucket.OpenAsync(servers));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Flush_ThenRead_GivesTheSameRecords()
    {
        using CaptureWriter writer = await StartAsync(new CaptureOptions());
        CaptureRecord[] written =
        [
            .. Enumerable.Range(0, 300).Select(i => TestCaptures.Prediction(_time.GetUtcNow().AddSeconds(i), version: 1 + (i % 2))),
        ];

        Assert.All(written, record => Assert.True(writer.TryWrite(record)));
        await writer.FlushAsync(Token);

        List<CaptureRecord> read = await ReadAsync("entities", 2, TestCaptures.Start.AddSeconds(10), TestCaptures.Start.AddSeconds(20));
        Assert.Equal(
            written[10..20].Where(record => record.Version == 2).Select(record => record.PredictionId),
            read.Select(record => record.PredictionId)
        );
        Assert.Equivalent(written[11], read[0], strict: true);
        Assert.Equal(new CaptureCounts(300, 300, 0, 0, 0), writer.CountsOf(CaptureKind.Prediction));
        await writer.StopAsync(Token);
    }

    /// <summary>
    /// Whatever happens, nobody waits, nothing is counted twice or not at all, and the store holds exactly what counts as captured.
    /// </summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Counts_StorageStallsForTenMinutes_AddUpToTheRequests(int seed)
    {
        Random random = new(seed);
        output.WriteLine($"seed {seed}");
        using CaptureWriter writer = await StartAsync(
            new CaptureOptions
            {
                MaxPending = 64,
                SampleRate = 0.7,
                MaxLineBytes = 1_024,
            }
        );
        for (int round = 0; round < 3; round++)
        {
            Write(writer, random, 40);
            _store.Stall();
            for (int minute = 0; minute < 10; minute++)
            {
                Write(writer, random, random.Next(40));
                _time.Advance(TimeSpan.FromMinutes(1));
            }

            _store.Resume();
            await FlushAsync(writer);
            CaptureCounts counts = writer.CountsOf(CaptureKind.Prediction);
            output.WriteLine($"{counts}");
            Assert.Equal(counts.Requests, counts.Captured + counts.SampledOut + counts.Dropped + counts.Failed);
        }

        CaptureCounts settled = writer.CountsOf(CaptureKind.Prediction);
        List<CaptureRecord> stored = await ReadAsync("entities", 1, TestCaptures.Start.AddMinutes(-1), _time.GetUtcNow().AddHours(1));
        Assert.Equal(settled.Captured, stored.DistinctBy(record => record.PredictionId).Count());
        Assert.Equal(settled.Captured, stored.Count);
        Assert.True(settled is { Captured: > 0, SampledOut: > 0, Dropped: > 0, Failed: > 0 });
        await writer.StopAsync(Token);
    }

    [Fact]
    public async Task Write_StorageFailsLongerThanAllowed_CountsAsFailed()
    {
        using CaptureWriter writer = await StartAsync(new CaptureOptions { GiveUpAfter = TimeSpan.FromMinutes(2) });
        _store.Fails = true;
        writer.TryWrite(TestCaptures.Prediction(_time.GetUtcNow()));

        await FlushAsync(writer);

        Assert.Equal(new CaptureCounts(1, 0, 0, 0, 1), writer.CountsOf(CaptureKind.Prediction));
        await writer.StopAsync(Token);
    }

    [Theory]
    [InlineData("stable", 5), InlineData("canary", 1)]
    public async Task Record_Alone_IsWrittenWhenItIsDue(string arm, int seconds)
    {
        using CaptureWriter writer = await StartAsync(new CaptureOptions());
        DateTimeOffset due = _time.GetUtcNow().AddSeconds(seconds);

        writer.TryWrite(TestCaptures.Prediction(_time.GetUtcNow(), arm: arm));
        await Recorder.UntilAsync(() => Task.FromResult(_time.IsAwaited(due)));
        Assert.Equal(1, writer.CountsOf(CaptureKind.Prediction).Pending);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        await Recorder.UntilAsync(() => Task.FromResult(writer.CountsOf(CaptureKind.Prediction).Captured == 1));
        await writer.StopAsync(Token);
    }

    [Fact]
    public async Task Stop_WritesWhatIsPending_AndGivesUpAtTheDrainLimit()
    {
        using CaptureWriter drained = await StartAsync(new CaptureOptions()),
            stuck = await StartAsync(new CaptureOptions());
        drained.TryWrite(TestCaptures.Prediction(_time.GetUtcNow()));
        stuck.TryWrite(TestCaptures.Prediction(_time.GetUtcNow()));

        await drained.StopAsync(Token);
        _store.Stall();
        Task stopping = stuck.StopAsync(Token);
        await Recorder.UntilAsync(() => Task.FromResult(_time.IsAwaited(_time.GetUtcNow() + new CaptureOptions().DrainLimit)));
        _time.Advance(new CaptureOptions().DrainLimit);
        await stopping;

        Assert.Equal(1, drained.CountsOf(CaptureKind.Prediction).Captured);
        Assert.Equal(1, stuck.CountsOf(CaptureKind.Prediction).Failed);
        Assert.False(drained.TryWrite(TestCaptures.Prediction(_time.GetUtcNow())));
    }

    [Fact]
    public async Task Sampling_IsByTheIdAlone_AndSparesFeedback()
    {
        using CaptureWriter first = await StartAsync(new CaptureOptions { SampleRate = 0.25 }),
            second = await StartAsync(new CaptureOptions { SampleRate = 0.25 });
        CaptureRecord[] records = [.. Enumerable.Range(0, 4_000).Select(_ => TestCaptures.Prediction(_time.GetUtcNow()))];

        foreach (CaptureRecord record in records)
        {
            (_, _) = (first.TryWrite(record), second.TryWrite(record));
        }
        first.TryWrite(TestCaptures.Prediction(_time.GetUtcNow(), kind: CaptureKind.Feedback));

        Assert.InRange(first.CountsOf(CaptureKind.Prediction).SampledOut, 2_860, 3_140); // 5 standard deviations
        Assert.Equal(first.CountsOf(CaptureKind.Prediction).SampledOut, second.CountsOf(CaptureKind.Prediction).SampledOut);
        Assert.Equal(0, first.CountsOf(CaptureKind.Feedback).SampledOut);
        await Task.WhenAll(first.StopAsync(Token), second.StopAsync(Token));
    }

    private async Task<CaptureWriter> StartAsync(CaptureOptions options)
    {
        CaptureWriter writer = new(_store, options, _time, NullLogger<CaptureWriter>.Instance);
        await writer.StartAsync(Token);
        return writer;
    }

    /// <summary>One in ten is too long for a line.</summary>
    private void Write(CaptureWriter writer, Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            CaptureRecord record = TestCaptures.Prediction(_time.GetUtcNow());
            writer.TryWrite(
                random.Next(10) > 0 ? record : record with { Input = new InputSummary("text", 1, 1, Payload: new string('x', 2_000)) }
            );
        }
    }

    /// <summary>The clock goes on, so that pauses and limits end.</summary>
    private async Task FlushAsync(CaptureWriter writer)
    {
        Task flushed = writer.FlushAsync(Token);
        await Recorder.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(flushed.IsCompleted);
        });
        await flushed;
    }

    private async Task<List<CaptureRecord>> ReadAsync(string model, int version, DateTimeOffset from, DateTimeOffset until) =>
        await new CaptureReader(_store, NullLogger<CaptureReader>.Instance)
            .ReadAsync(model, version, from, until, Token)
            .ToListAsync(Token);
}
