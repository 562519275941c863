using Microsoft.Extensions.Time.Testing;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Serving;

public sealed class ModelServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManyCallers_ShareOneLoad()
    {
        int fetches = 0;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ModelServer server = TestServers.Start(
            fetch: async (version, _) =>
            {
                Interlocked.Increment(ref fetches);
                await go.Task;
                return TestModels.Folder(version.Name);
            }
        );
        Task<ModelLease>[] callers = [.. Enumerable.Range(0, 20).Select(_ => server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct))];
        Assert.False(server.IsReady(TestServers.VersionOf("text-mean")));

        go.SetResult();
        ModelLease[] leases = await Task.WhenAll(callers);

        Assert.Equal(1, fetches);
        Assert.Single(leases.Select(l => l.Model).Distinct());
        Assert.Equal((ResidentState.Ready, 20), server.Residents.Select(r => (r.State, r.Users)).Single());
        Array.ForEach(leases, l => l.Dispose());
        Assert.Equal(0, server.Residents.Single().Users);
    }

    [Fact]
    public async Task ACallerWhoGoes_LeavesTheLoadToTheOthers()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ModelServer server = TestServers.Start(
            fetch: async (version, _) =>
            {
                await go.Task;
                return TestModels.Folder(version.Name);
            }
        );
        using var gone = new CancellationTokenSource();
        Task<ModelLease> leaving = server.AcquireAsync(TestServers.VersionOf("text-mean"), gone.Token),
            staying = server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        go.SetResult();

        using ModelLease lease = await staying;
        Assert.Equal(1, server.Residents.Single().Users);
    }

    [Fact]
    public async Task AFailedLoad_IsRemembered_ForAWhile()
    {
        int fetches = 0;
        var clock = new FakeTimeProvider();
        await using ModelServer server = TestServers.Start(
            new ServingOptions { FailureMemory = TimeSpan.FromSeconds(30) },
            clock,
            (version, _) =>
            {
                fetches++;
                return Task.FromResult(TestModels.Folder("text-truncated"));
            }
        );

        ServingException first = await FailAsync(),
            again = await FailAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        ServingException later = await FailAsync();
        Assert.Equal(1, fetches);
        clock.Advance(TimeSpan.FromSeconds(20));
        await FailAsync();

        Assert.Equal(2, fetches);
        Assert.Equal(ServingFault.LoadFailed, first.Fault);
        Assert.Contains("text-truncated/1: model.onnx", first.Message, StringComparison.Ordinal);
        Assert.IsType<ModelRejectedException>(again.InnerException);
        Assert.Null(later.RetryAfter);

        async Task<ServingException> FailAsync() =>
            await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(TestServers.VersionOf("text-truncated"), Ct));
    }

    [Fact]
    public async Task AFetchThatFailed_SaysWhenToTryAgain()
    {
        var clock = new FakeTimeProvider();
        await using ModelServer server = TestServers.Start(new ServingOptions { FailureMemory = TimeSpan.FromSeconds(30) }, clock, (_, _) =>
            throw new IOException("the store does not answer")
        );
        async Task<ServingException> FailAsync() =>
            await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct));
        await FailAsync();
        clock.Advance(TimeSpan.FromSeconds(10));

        ServingException error = await FailAsync();

        Assert.Equal((ServingFault.LoadFailed, TimeSpan.FromSeconds(20)), (error.Fault, error.RetryAfter));
        Assert.Contains("the store does not answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALoadOverItsDeadline_IsGivenUp_AndHoldsUpNoOther()
    {
        using TemporaryPackage package = LoopModel.Endless("endless");
        var clock = new FakeTimeProvider();
        await using ModelServer server = TestServers.Start(
            new ServingOptions { LoadDeadline = TimeSpan.FromMinutes(2) },
            clock,
            (version, _) => Task.FromResult(version.Name == "endless" ? package.Folder : TestModels.Folder(version.Name))
        );
        Task<ModelLease> endless = server.AcquireAsync(TestServers.VersionOf("endless"), Ct);

        using ModelLease other = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);
        bool isLoading = !endless.IsCompleted;
        clock.Advance(TimeSpan.FromMinutes(2));
        var error = await Assert.ThrowsAsync<ServingException>(() => endless);

        Assert.True(isLoading);
        Assert.Equal((ServingFault.LoadFailed, null), (error.Fault, error.RetryAfter));
        Assert.Equal("Model endless/1 could not be loaded: it was not within 00:02:00 (LoadDeadline), and was given up.", error.Message);
        await other.Model.EmbedAsync(["Ada Lovelace"], default, Ct);
    }

    [Fact]
    public async Task Stopped_WaitsForNoLoad()
    {
        using TemporaryPackage package = LoopModel.Endless("endless");
        ModelServer server = TestServers.Start(fetch: (_, _) => Task.FromResult(package.Folder));
        Task<ModelLease> endless = server.AcquireAsync(TestServers.VersionOf("endless"), Ct);

        await server.DisposeAsync();

        Assert.Equal(ServingFault.Stopping, (await Assert.ThrowsAsync<ServingException>(() => endless)).Fault);
    }

    [Fact]
    public async Task ARunOverItsDeadline_TakesItsModelOutOfService_UntilItHasEnded()
    {
        var clock = new FakeTimeProvider();
        await using ModelServer server = TestServers.Start(
            new ServingOptions { RunDeadline = TimeSpan.FromMinutes(1), FailureMemory = TimeSpan.FromDays(1) },
            clock
        );
        ModelVersion version = TestServers.VersionOf("tensors-slow");
        Task<ServedAnswer<IReadOnlyList<NamedTensor>>> endless;
        using (ModelLease lease = await server.AcquireAsync(version, Ct))
        {
            NamedTensor turns = new("turns", "INT64", [1]) { Data = BitConverter.GetBytes(1L << 62) };
            endless = lease.Model.InferAsync(new TensorRequest([turns]), default, Ct);
            while (!endless.IsCompleted)
            {
                clock.Advance(TimeSpan.FromMilliseconds(10)); // millions of these, or the memory of the overrun would pass too
                await Task.Yield();
            }
        }

        ServingException run = await Assert.ThrowsAsync<ServingException>(() => endless),
            next = await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(version, Ct));

        Assert.Equal((ServingFault.OutOfService, ServingFault.OutOfService), (run.Fault, next.Fault));
        Assert.Contains("tensors-slow/1 is out of service: a run of 1 items took longer", next.Message, StringComparison.Ordinal);
        Assert.False(server.IsReady(version));
        await ServesAgainAsync();

        async Task ServesAgainAsync()
        {
            while (true)
            {
                clock.Advance(TimeSpan.FromDays(1));
                try
                {
                    using ModelLease lease = await server.AcquireAsync(version, Ct);
                    return;
                }
                catch (ServingException e) when (e.Fault == ServingFault.OutOfService)
                {
                    await Task.Yield();
                }
            }
        }
    }

    [Fact]
    public async Task Unload_ForgetsAFailureAtOnce()
    {
        bool isMended = false;
        await using ModelServer server = TestServers.Start(
            fetch: (version, _) => Task.FromResult(TestModels.Folder(isMended ? "text-mean" : "text-truncated"))
        );
        ModelVersion version = TestServers.VersionOf("text-mean");
        await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(version, Ct));

        isMended = true;
        server.Unload(version);

        using ModelLease lease = await server.AcquireAsync(version, Ct);
        Assert.True(server.IsReady(version));
    }

    [Fact]
    public async Task Memory_IsMade_ByClosingWhatWasUsedLongestAgo()
    {
        await using ModelServer server = TestServers.Start(RoomFor(2));

        foreach (string name in new[] { "text-mean", "text-half", "text-mean", "entities" })
        {
            (await server.AcquireAsync(TestServers.VersionOf(name), Ct)).Dispose();
        }

        Assert.Equal(["entities", "text-mean"], server.Residents.Select(r => r.Version.Name).Order());
    }

    [Fact]
    public async Task Memory_IsNeverTaken_FromModelsInUse()
    {
        ServingOptions options = RoomFor(2);
        options.RoomWait = TimeSpan.Zero;
        await using ModelServer server = TestServers.Start(options);
        using ModelLease first = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);
        ModelLease second = await server.AcquireAsync(TestServers.VersionOf("text-half"), Ct);

        var error = await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(TestServers.VersionOf("entities"), Ct));
        await first.Model.EmbedAsync(["Ada Lovelace"], default, Ct);
        second.Dispose();
        using ModelLease third = await server.AcquireAsync(TestServers.VersionOf("entities"), Ct);

        Assert.Equal(ServingFault.OutOfMemory, error.Fault);
        Assert.Equal(["entities", "text-mean"], server.Residents.Select(r => r.Version.Name).Order());
    }

    [Fact]
    public async Task Memory_IsWaitedFor_WhereModelsInUseMayBecomeFree()
    {
        ServingOptions options = RoomFor(1);
        options.RoomWait = TimeSpan.FromSeconds(60);
        await using ModelServer server = TestServers.Start(options);
        ModelLease first = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);
        Task<ModelLease> second = server.AcquireAsync(TestServers.VersionOf("text-half"), Ct);

        first.Dispose();

        using ModelLease lease = await second;
        Assert.Equal(["text-half"], server.Residents.Select(r => r.Version.Name));
    }

    [Fact]
    public async Task WarmModels_Stay_AndOthersThatDoNotFitBesideThem_AreRefused()
    {
        ServingOptions options = RoomFor(1);
        options.Warm = ["text-mean/1"];
        await using ModelServer server = TestServers.Start(options);

        IReadOnlyDictionary<ModelVersion, ServingException> faults = await server.WarmUpAsync(server.Configured, Ct);
        var error = await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(TestServers.VersionOf("text-half"), Ct));

        Assert.Empty(faults);
        Assert.Equal((ServingFault.OutOfMemory, null), (error.Fault, error.RetryAfter));
        Assert.True(server.IsReady(TestServers.VersionOf("text-mean")));
        Assert.True(server.Residents.Single(r => r.Version.Name == "text-mean").IsKeptWarm);
    }

    [Fact]
    public async Task Unloaded_AModelInUse_StillAnswers_AndClosesAfterItsLastUser()
    {
        await using ModelServer server = TestServers.Start();
        ModelVersion version = TestServers.VersionOf("text-mean");
        ModelLease old = await server.AcquireAsync(version, Ct);

        server.Unload(version);
        using ModelLease fresh = await server.AcquireAsync(version, Ct);

        Assert.NotSame(old.Model, fresh.Model);
        await old.Model.EmbedAsync(["Ada Lovelace"], default, Ct);
        old.Dispose();
        Assert.Equal(
            ServingFault.Stopping,
            (await Assert.ThrowsAsync<ServingException>(() => old.Model.EmbedAsync(["Ada"], default, Ct))).Fault
        );
        await fresh.Model.EmbedAsync(["Ada Lovelace"], default, Ct);
    }

    [Fact]
    public async Task Stopped_NothingIsLoaded()
    {
        ModelServer server = TestServers.Start();
        await server.DisposeAsync();

        var error = await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct));

        Assert.Equal(ServingFault.Stopping, error.Fault);
    }

    private static ServingOptions RoomFor(int models) =>
        new() { MemoryBudgetBytes = (models * 10L << 20) + (1 << 20), MemoryPerModelBytes = 10 << 20 };
}
