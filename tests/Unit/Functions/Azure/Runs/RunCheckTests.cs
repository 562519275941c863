using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Functions.Azure.Runs;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

/// <summary>Entries of the index beside a run store in which something happened that no turn saw.</summary>
public sealed class RunCheckTests(SharedServers servers) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly RunIndexOptions _options = new();
    private RunRecorder _recorder = null!;
    private RunIndex _index = null!;
    private IObjectStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await TestBucket.OpenAsync(servers);
        _recorder = new RunRecorder(_store, _options, _time, NullLogger<RunRecorder>.Instance);
        _index = new RunIndex([_store], _options, _time, NullLogger<RunIndex>.Instance);
        await _recorder.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.StopAsync(Token);
        _recorder.Dispose();
        _index.Dispose();
    }

    [Fact]
    public async Task ARunThatWasTerminated_IsShownAndRecordedSo()
    {
        RunEntry running = Running("a");
        Store("a", OrchestrationRuntimeStatus.Terminated);

        RunEntry shown = Assert.Single(await CheckAsync(running));

        Assert.Equal(RunStatus.Terminated, shown.Status);
        Assert.Equal(RunStatus.Terminated, (await RecordedAsync("a"))!.Status);
    }

    [Fact]
    public async Task ARunThatWasPurged_IsLeftOut_OnceItsStartHasSettled()
    {
        RunEntry running = Running("a");
        Assert.Single(await CheckAsync(running));

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty(await CheckAsync(running));
        Assert.True((await RecordedAsync("a"))!.IsPurged);
    }

    /// <summary>The entry of a last turn is written before the run store has its answer.</summary>
    [Fact]
    public async Task AnEnd_ThatTheRunStoreDoesNotHaveYet_IsNotTakenBack()
    {
        RunEntry ended = Running("a") with { Status = RunStatus.Completed, Ended = _time.GetUtcNow() };
        Store("a", OrchestrationRuntimeStatus.Running);

        Assert.Equal(RunStatus.Completed, Assert.Single(await CheckAsync(ended)).Status);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(RunStatus.Running, Assert.Single(await CheckAsync(ended)).Status); // it was restarted
    }

    [Fact]
    public async Task APageThatRefreshes_AsksTheRunStoreOnce_WithinTenSeconds()
    {
        RunEntry running = Running("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        Store("a", OrchestrationRuntimeStatus.Running);
        RunCheck check = new(_recorder, _time);

        await check.CheckAsync(_client.Object, [running], Token);
        await check.CheckAsync(_client.Object, [running], Token);
        _client.Verify(client => client.GetInstanceAsync("a", false, It.IsAny<CancellationToken>()), Times.Once);
        _time.Advance(TimeSpan.FromSeconds(11));
        await check.CheckAsync(_client.Object, [running], Token);

        _client.Verify(client => client.GetInstanceAsync("a", false, It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    [Fact]
    public async Task ASweep_FindsTheEnd_OfARunThatNobodyLooksAt()
    {
        await _recorder.RecordAsync(Running("a"), Token);
        Store("a", OrchestrationRuntimeStatus.Failed);
        _client.Setup(client => client.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns(new UnorderedRuns([]).List);
        _time.Advance(TimeSpan.FromMinutes(3));

        await new RunSweep(_index, _recorder, new RunCheck(_recorder, _time), _time).SweepAsync(_client.Object, Token);

        Assert.Equal(RunStatus.Failed, (await RecordedAsync("a"))!.Status);
    }

    [Fact]
    public async Task ARunThatWasPurged_CountsNoMore_AlsoWhereNobodyLooksAtIt()
    {
        await _recorder.RecordAsync(Running("a") with { Status = RunStatus.Failed, Ended = _time.GetUtcNow() }, Token);
        await _recorder.RecordAsync(Running("b") with { Status = RunStatus.Completed, Ended = _time.GetUtcNow() }, Token);
        _client.Setup(client => client.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns(new UnorderedRuns([]).List);

        await new PurgedRuns(_index, _recorder, _time).NoteAsync("a", Token);
        Assert.True((await RecordedAsync("a"))!.IsPurged);
        Assert.Equal(["completed", "running"], (await _index.SummariseAsync(new RunFilter(), Token)).Statuses.Keys.Order());
        _time.Advance(TimeSpan.FromMinutes(3));
        await new RunSweep(_index, _recorder, new RunCheck(_recorder, _time), _time).SweepAsync(_client.Object, Token);

        Assert.True((await RecordedAsync("b"))!.IsPurged);
    }

    [Fact]
    public async Task ASweep_TakesRunsThatWaitForTheirFirstTurn()
    {
        OrchestrationMetadata waiting = UnorderedRuns.Run("a", _time.GetUtcNow(), OrchestrationRuntimeStatus.Pending);
        _client.Setup(client => client.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns(new UnorderedRuns([waiting]).List);

        await new RunSweep(_index, _recorder, new RunCheck(_recorder, _time), _time).SweepAsync(_client.Object, Token);

        Assert.Equal(RunStatus.Pending, (await RecordedAsync("a"))!.Status);
    }

    private Task<IReadOnlyList<RunEntry>> CheckAsync(RunEntry entry) =>
        new RunCheck(_recorder, _time).CheckAsync(_client.Object, [entry], Token);

    private RunEntry Running(string id) =>
        new()
        {
            Id = id,
            Name = "Some",
            Status = RunStatus.Running,
            Created = _time.GetUtcNow(),
            Updated = _time.GetUtcNow(),
        };

    private void Store(string id, OrchestrationRuntimeStatus status) =>
        _client
            .Setup(client => client.GetInstanceAsync(id, It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(UnorderedRuns.Run(id, _time.GetUtcNow(), status));

    private async Task<RunEntry?> RecordedAsync(string id)
    {
        // What was recorded before it is written with it, or before.
        await _recorder.RecordAsync(Running("last"), Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        return await _index.FindAsync(id, Token);
    }
}
