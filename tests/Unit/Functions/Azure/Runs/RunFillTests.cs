using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Functions.Azure.Runs;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class RunFillTests(SharedServers servers) : IAsyncLifetime
{
    private const string Foreign = "a token of another provider";

    private readonly ManualTime _time = new();
    private readonly RunIndexOptions _options = new();
    private RunRecorder _recorder = null!;
    private RunIndex _index = null!;
    private IObjectStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StoredDocument<RunFillState> State => new(_store, "runs/fill.json", 64 << 10, _time);

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
    public async Task AFill_TakesAllRunsOfAnOlderStore_AndGoesOnWhereItEnded()
    {
        int pages = 0;
        UnorderedRuns runs = new(Old(450), () => _time.Advance(pages++ == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero));

        RunFill first = Fill();
        Assert.Contains("0 so far", await first.DescribeAsync(Token), StringComparison.Ordinal);
        await first.FillAsync(runs.Client, Token);
        Assert.Contains("200 so far", await first.DescribeAsync(Token), StringComparison.Ordinal);
        RunFill second = Fill();
        await second.FillAsync(runs.Client, Token);

        Assert.Null(await second.DescribeAsync(Token));
        Assert.Equal((450, 450), (await CountAsync(), runs.Read));
    }

    [Theory, InlineData(StatusCode.Unknown), InlineData(StatusCode.InvalidArgument), InlineData(null)]
    public async Task ATokenOfAnotherProvider_HasTheFillBeginAnew(StatusCode? code)
    {
        Exception refusal = code is { } status ? new RpcException(new Status(status, "no")) : new ArgumentException("no");
        UnorderedRuns runs = new(Old(250)) { Refused = Foreign, Refusal = refusal };
        await KeepAsync(Half());

        await Fill().FillAsync(runs.Client, Token);

        RunFillState state = (await State.ReadAsync(Token))!.Value;
        Assert.Equal((true, 250, 1), (state.IsComplete, state.Done, state.BegunAnew));
        Assert.Equal(250, await CountAsync());
    }

    [Theory, InlineData(StatusCode.Unavailable), InlineData(StatusCode.DeadlineExceeded)]
    public async Task ARunStoreThatIsAway_LeavesTheFillWhereItIs(StatusCode code)
    {
        UnorderedRuns runs = new(Old(250)) { Refused = Foreign, Refusal = new RpcException(new Status(code, "away")) };
        await KeepAsync(Half());

        await Assert.ThrowsAsync<RpcException>(() => Fill().FillAsync(runs.Client, Token));

        Assert.Equal(Half(), (await State.ReadAsync(Token))!.Value);
    }

    [Fact]
    public async Task ARunStoreThatRefusesItsFirstPageToo_LeavesTheFillWhereItIs()
    {
        await KeepAsync(Half());
        UnorderedRuns runs = new(Old(250), () => throw new RpcException(new Status(StatusCode.Unknown, "no"))) { Refused = Foreign };

        await Assert.ThrowsAsync<RpcException>(() => Fill().FillAsync(runs.Client, Token));

        Assert.Equal(Half(), (await State.ReadAsync(Token))!.Value);
    }

    [Fact]
    public async Task ARunStoreThatRefusesItsOwnTokens_IsNotGoneThroughForEver()
    {
        UnorderedRuns runs = new(Old(450)) { Refused = "200" };

        await Assert.ThrowsAsync<RpcException>(() => Fill().FillAsync(runs.Client, Token));

        Assert.Equal(RunFill.MaxBegunAnew, (await State.ReadAsync(Token))!.Value.BegunAnew);
        Assert.Equal(200 * (RunFill.MaxBegunAnew + 1), runs.Read);
    }

    private RunFill Fill() => new(_index, _recorder, [_store], _time, NullLogger<RunFill>.Instance);

    private RunFillState Half() => new(null, _time.GetUtcNow(), Foreign, 200, IsComplete: false);

    private Task KeepAsync(RunFillState state) => State.UpdateAsync(_ => state, Token);

    private OrchestrationMetadata[] Old(int count) =>
        [.. Enumerable.Range(0, count).Select(i => UnorderedRuns.Run($"run-{i:d3}", _time.GetUtcNow()))];

    private async Task<int> CountAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return (await _index.SummariseAsync(new RunFilter(), Token)).Total;
    }
}
