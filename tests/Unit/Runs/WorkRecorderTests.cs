using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Captures;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class WorkRecorderTests(SharedServers servers) : IAsyncLifetime
{
    private static readonly RecordedWork Work = new(RunKind.Job, "AnalyseVideo", "a-1", "s3:bucket/media/a.mp4", 1, "run");

    private readonly ManualTime _time = new();
    private readonly RunIndexOptions _options = new();
    private RunRecorder _recorder = null!;
    private IObjectStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await TestBucket.OpenAsync(servers);
        _recorder = new RunRecorder(_store, _options, _time, NullLogger<RunRecorder>.Instance);
        await _recorder.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.StopAsync(Token);
        _recorder.Dispose();
    }

    [Fact]
    public async Task WorkThatFails_IsRecordedSo_AndWithItsOutcomeOnceItIsDoneAgain()
    {
        WorkRecorder work = new(_recorder, _time);
        DateTimeOffset begun = _time.GetUtcNow();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            work.RecordAsync<int>(Work, () => throw new InvalidOperationException("no decoder"), _ => "", _ => null)
        );
        RunEntry failed = await ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        int result = await work.RecordAsync(Work with { Attempt = 2 }, LastAsync, found => $"found {found}", _ => new RunSpent(1.5, 0.5));
        RunEntry done = await ReadAsync();

        Assert.Equal((RunStatus.Failed, "no decoder", begun), (failed.Status, failed.Failure, failed.Created));
        Assert.Equal((RunKind.Job, "AnalyseVideo", "run"), (failed.Kind, failed.Name, failed.Parent));
        Assert.Equal(["asset:s3:bucket/media/a.mp4"], failed.Tags);
        Assert.Equal((3, RunStatus.Completed, "found 3", "attempt 2"), (result, done.Status, done.Outcome, done.Stage));
        Assert.Equal((TimeSpan.FromSeconds(7), null), (done.LastingAt(default), done.Failure));
        Assert.Equal((null, new RunSpent(1.5, 0.5)), (failed.Spent, done.Spent));
    }

    [Fact]
    public async Task ATrial_IsListedByItsModel_BesideTheRunThatWaitsForIt()
    {
        RecordedWork trial = new(RunKind.Trial, "Trial", "validation-1", "labels/3", 1, "validation-1", RunTag.Model);

        await new WorkRecorder(_recorder, _time).RecordAsync(trial, () => Task.FromResult(true), _ => "tried", _ => null);
        using RunIndex index = new([_store], _options, _time, NullLogger<RunIndex>.Instance);
        RunEntry found = (await index.FindAsync("trial:validation-1", Token))!;

        Assert.Equal((RunKind.Trial, "tried", "validation-1"), (found.Kind, found.Outcome, found.Parent));
        Assert.Equal(["model:labels/3"], found.Tags);
    }

    private Task<int> LastAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(7));
        return Task.FromResult(3);
    }

    private async Task<RunEntry> ReadAsync()
    {
        using RunIndex index = new([_store], _options, _time, NullLogger<RunIndex>.Instance);
        return (await index.FindAsync("job:a-1", Token))!;
    }
}
