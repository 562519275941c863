using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Rollout;

public sealed class RolloutTableTests(SharedServers servers)
{
    private readonly string _model = $"m{Guid.NewGuid():N}";
    private readonly string _environment = $"e{Guid.NewGuid():N}"; // other tests change what prod serves meanwhile
    private int? _alias = 1;
    private readonly ManualTime _time = new();
    private Task _reading = Task.CompletedTask;
    private int _looks;
    private ChangeMark? _mark;
    private RoutePreparation _prepare = (_, _) => Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refresh_FollowsTheRecordAndTheAlias()
    {
        (RolloutStore store, RolloutTable table, _) = await OpenAsync();
        Assert.Equal(new Route(1, "stable", null, 0), await ChooseAsync(table));

        await store.UpdateAsync(_environment, _model, _ => Record() with { Canary = new(2, 1) }, Cancellation);
        await table.RefreshAsync(Cancellation);
        Assert.Equal(new Route(2, "canary", null, 1), await ChooseAsync(table));

        await store.UpdateAsync(_environment, _model, record => record!.Cleared(), Cancellation);
        _alias = 7;
        await table.RefreshAsync(Cancellation);
        Assert.Equal(new Route(7, "stable", null, 2), await ChooseAsync(table));
    }

    [Fact]
    public async Task Refresh_WhileTheNextVersionIsLoaded_KeepsTheOneBefore()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        TaskCompletionSource loaded = new();
        List<(int? Before, int Next)> prepared = [];
        _prepare = (before, next) =>
        {
            prepared.Add((before?.Stable, next.Stable));
            return loaded.Task;
        };

        _alias = 2;
        await table.RefreshAsync(Cancellation);
        int meanwhile = (await ChooseAsync(table)).Version;
        await table.RefreshAsync(Cancellation);
        loaded.SetException(new InvalidOperationException("It has no room."));

        Assert.Equal((1, 2), (meanwhile, (await ChooseAsync(table)).Version));
        Assert.Equal([(1, 2)], prepared);
    }

    [Fact]
    public async Task Refresh_BackToWhatIsLoaded_WaitsForNoLoadUnderWay()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        TaskCompletionSource loaded = new();
        _prepare = (_, next) => next.Stable == 2 ? loaded.Task : Task.CompletedTask;

        foreach (int version in (int[])[2, 3])
        {
            await MoveAliasAsync(version);
            await table.RefreshAsync(Cancellation);
        }
        int meanwhile = (await ChooseAsync(table)).Version;
        loaded.SetResult();

        Assert.Equal((3, 3), (meanwhile, (await ChooseAsync(table)).Version));
    }

    [Fact]
    public async Task Refresh_WhileAModelIsReadForTheFirstTime_DoesNotWaitForIt()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reading = read.Task;
        Task<Route> asked = ChooseAsync(table).AsTask();

        await table.RefreshAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        read.SetResult();

        Assert.Equal(1, (await asked).Version);
    }

    [Fact]
    public async Task Refresh_ThatHangs_IsGivenUp_AndTheNextOneFindsTheStoreBack()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        _reading = new TaskCompletionSource().Task;
        _alias = 2;
        _looks = 0;

        Task hanging = table.RefreshAsync(Cancellation);
        await Recorder.UntilAsync(() => Task.FromResult(_looks == 1 && _time.IsAwaited(_time.GetUtcNow() + TimeSpan.FromSeconds(5))));
        _time.Advance(TimeSpan.FromSeconds(5));
        await hanging;
        _reading = Task.CompletedTask;
        await table.RefreshAsync(Cancellation);

        Assert.Equal(2, (await ChooseAsync(table)).Version);
    }

    [Fact]
    public async Task Refresh_OfABrokenRecord_KeepsTheLastGoodOne()
    {
        (RolloutStore store, RolloutTable table, IObjectStore objects) = await OpenAsync();
        await store.UpdateAsync(_environment, _model, _ => Record() with { Canary = new(2, 1) }, Cancellation);
        Route before = await ChooseAsync(table);

        using MemoryStream broken = new(Encoding.UTF8.GetBytes("""{"environment":"prod","stable":0"""));
        string path = RolloutLayout.Rollout(_environment, _model);
        await objects.WriteAsync(path, broken, WriteCondition.Always, "application/json", Cancellation);
        await table.RefreshAsync(Cancellation);

        Assert.Equal(before, await ChooseAsync(table));
    }

    [Fact]
    public async Task Refresh_WhereNothingIsMarked_ReadsNoModel()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        await table.RefreshAsync(Cancellation);
        _looks = 0;

        for (int i = 0; i < 18; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            await table.RefreshAsync(Cancellation);
            await ChooseAsync(table);
        }
        int unchanged = _looks;
        await MoveAliasAsync(2);
        await table.RefreshAsync(Cancellation);

        Assert.Equal((0, 1, 2), (unchanged, _looks, (await ChooseAsync(table)).Version));
    }

    [Fact]
    public async Task Refresh_AfterAChangeWhoseWriterEndedBeforeTheMark_FollowsItWithinTenSeconds()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        await table.RefreshAsync(Cancellation);

        _alias = 2;
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await table.RefreshAsync(Cancellation);
        int before = (await ChooseAsync(table)).Version;
        _time.Advance(TimeSpan.FromSeconds(9.5));
        await table.RefreshAsync(Cancellation);

        Assert.Equal((1, 2), (before, (await ChooseAsync(table)).Version));
    }

    [Fact]
    public async Task Refresh_OfAModelThatNobodyAsksFor_LooksEveryTenSecondsOnly()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        _time.Advance(TimeSpan.FromSeconds(10.5));
        _looks = 0;

        foreach (double seconds in (double[])[0, 0.5, 9, 1])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            await table.RefreshAsync(Cancellation);
            await table.FindLastPlanAsync(_environment, _model, Cancellation);
        }

        Assert.Equal(2, _looks);
    }

    [Fact]
    public async Task Choose_AfterAPause_IsAnsweredByWhatServesNow()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        _time.Advance(TimeSpan.FromSeconds(2));

        _alias = 2;

        Assert.Equal(2, (await ChooseAsync(table)).Version);
    }

    [Fact]
    public async Task Choose_AfterAPauseFromAStoreThatHangs_WaitsASecond()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        await ChooseAsync(table);
        _time.Advance(TimeSpan.FromSeconds(2));
        _reading = new TaskCompletionSource().Task;

        Task<Route> asked = ChooseAsync(table).AsTask();
        await Recorder.UntilAsync(() => Task.FromResult(_time.IsAwaited(_time.GetUtcNow() + TimeSpan.FromSeconds(1))));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, (await asked).Version);
        Assert.Equal(1, (await ChooseAsync(table)).Version);
    }

    [Fact]
    public async Task Choose_WhatNobodyServes_SaysSoAndLooksAgainNextTime()
    {
        (_, RolloutTable table, _) = await OpenAsync();
        _alias = null;
        await Assert.ThrowsAsync<NotServedException>(async () => await ChooseAsync(table));

        _alias = 1;

        Assert.Equal(1, (await ChooseAsync(table)).Version);
    }

    [Fact]
    public async Task Update_ByTwoAtOnce_TakesBothInTurn()
    {
        (RolloutStore store, _, _) = await OpenAsync();
        await store.UpdateAsync(_environment, _model, _ => Record(), Cancellation);

        await Task.WhenAll(
            Enumerable
                .Range(0, 5)
                .Select(_ =>
                    store.UpdateAsync(
                        _environment,
                        _model,
                        record => record! with { Canary = new(2, (record.Canary?.Weight ?? 0) + 0.1) },
                        Cancellation
                    )
                )
        );

        RolloutRecord? record = await store.FindAsync(_environment, _model, Cancellation);
        Assert.Equal((6, 0.5), (record!.Revision, Math.Round(record.Canary!.Weight, 6)));
    }

    [Fact]
    public async Task Update_ToWhatIsWrong_IsRefusedAndChangesNothing()
    {
        (RolloutStore store, _, _) = await OpenAsync();

        var fault = await Assert.ThrowsAsync<RolloutRecordException>(() =>
            store.UpdateAsync(_environment, _model, _ => Record() with { Canary = new(0, 2) }, Cancellation)
        );

        Assert.EndsWith("canary is version 0; allowed is 1 or more. The canary's weight is 2; allowed are 0 to 1.", fault.Message);
        Assert.Null(await store.FindAsync(_environment, _model, Cancellation));
    }

    private async Task MoveAliasAsync(int version)
    {
        _alias = version;
        await _mark!.SetAsync(_environment, $"alias {version}");
    }

    private async Task<int?> ReadAliasAsync(string environment, string model, CancellationToken cancellationToken)
    {
        _looks++;
        await _reading;
        return _alias;
    }

    private RolloutRecord Record() => RolloutRecord.Idle(_environment, _model, 1);

    private ValueTask<Route> ChooseAsync(RolloutTable table) => table.ChooseAsync(_environment, _model, "key", null, Cancellation);

    private async Task<(RolloutStore, RolloutTable, IObjectStore)> OpenAsync()
    {
        AzureObjectStore objects = new(new AzureStorageOptions { ConnectionString = (await servers.Azurite).ConnectionString });
        _mark = new ChangeMark(objects);
        RolloutStore store = new(objects, TimeProvider.System);
        RolloutTable table = new(
            store,
            ReadAliasAsync,
            (before, next) => _prepare(before, next),
            new RolloutOptions(),
            _time,
            NullLogger<RolloutTable>.Instance
        );
        return (store, table, objects);
    }
}
