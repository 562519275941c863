using System.Diagnostics;
using Serverless.Inference.Serving;
using Serverless.Registry;
using Serverless.Unit.Embedded.Runtime.Durable;
using Xunit;

namespace Serverless.Unit.Inference.Serving;

/// <summary>Which models are in memory, and when.</summary>
[Collection(nameof(Alone))]
public sealed class ModelServerTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private int _fetches;

    [Fact]
    public async Task ManyCallers_OfOneVersion_MakeOneLoad()
    {
        await using ModelServer server = TestServers.Start(fetch: CountingFetch);

        ModelLease[] leases = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct)));

        Assert.Equal(1, _fetches);
        Assert.Single(leases.Select(lease => lease.Model).Distinct());
        Assert.Equal((ResidentState.Ready, 50), server.Residents.Select(r => (r.State, r.Users)).Single());
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task FailedLoad_IsRememberedForAWhile_ThenTriedAgain()
    {
        ManualTime time = new();
        await using ModelServer server = TestServers.Start(time: time, fetch: CountingFetch);
        ModelVersion broken = TestServers.VersionOf("text-truncated");

        ServingException first = await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(broken, Ct));
        ServingException second = await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(broken, Ct));
        int remembered = _fetches;
        time.Advance(new ServingOptions().FailureMemory);
        await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(broken, Ct));

        Assert.Equal((ServingFault.LoadFailed, first.Message), (second.Fault, second.Message));
        Assert.Equal(new ServingOptions().FailureMemory, first.RetryAfter);
        Assert.Equal((1, 2), (remembered, _fetches));
    }

    [Fact]
    public async Task MemoryBudget_IsKept_ByClosingWhatWasUsedLongestAgo()
    {
        long one = await MemoryOfOneAsync();
        await using ModelServer server = TestServers.Start(new ServingOptions { MemoryBudgetBytes = (2 * one) + (one / 2) });

        foreach (string name in (string[])["text-mean", "text-fixed", "text-mean", "text-half"])
            (await server.AcquireAsync(TestServers.VersionOf(name), Ct)).Dispose();

        Assert.Equal(["text-half", "text-mean"], server.Residents.Select(r => r.Version.Name).Order());
    }

    [Fact]
    public async Task MemoryBudget_NeverTakesAModelFromItsUsers()
    {
        long one = await MemoryOfOneAsync();
        await using ModelServer server = TestServers.Start(new ServingOptions { MemoryBudgetBytes = one + (one / 2), RoomWait = TimeSpan.Zero });
        using ModelLease used = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);

        ServingException refused = await Assert.ThrowsAsync<ServingException>(() => server.AcquireAsync(TestServers.VersionOf("text-fixed"), Ct));

        Assert.Equal(ServingFault.OutOfMemory, refused.Fault);
        Assert.Single((await used.Model.EmbedAsync(["still here"], default, Ct)).Value);
    }

    [Fact]
    public async Task KeptWarm_IsLoadedAheadAndStays()
    {
        long one = await MemoryOfOneAsync();
        await using ModelServer server = TestServers.Start(new ServingOptions { MemoryBudgetBytes = (2 * one) + (one / 2) });

        server.KeepWarm([TestServers.VersionOf("text-mean")]);
        IReadOnlyDictionary<ModelVersion, ServingException> faults = await server.WarmUpAsync([TestServers.VersionOf("text-mean")], Ct);
        bool ready = server.IsReady(TestServers.VersionOf("text-mean"));
        foreach (string name in (string[])["text-fixed", "text-half"])
            (await server.AcquireAsync(TestServers.VersionOf(name), Ct)).Dispose();

        Assert.Empty(faults);
        Assert.True(ready);
        Assert.Equal(["text-half", "text-mean"], server.Residents.Select(r => r.Version.Name).Order());
    }

    [Fact]
    public async Task Unload_WhileItAnswers_EndsWell()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);

        server.Unload(TestServers.VersionOf("text-mean"));

        Assert.Empty(server.Residents);
        Assert.Single((await lease.Model.EmbedAsync(["still here"], default, Ct)).Value);
    }

    /// <summary>Memory is given back by each closed session; what the process keeps beyond a warmed-up start is bounded.</summary>
    [Fact]
    public async Task TwoHundredSwaps_LeaveTheMemoryAsItWas()
    {
        await using ModelServer server = TestServers.Start();
        await SwapAsync(server, 40); // allocators, thread pools and compiled code have their size by then
        long before = ResidentBytes();

        await SwapAsync(server, 200);

        Assert.InRange(ResidentBytes(), 0, (long)(before * 1.1));
    }

    private static async Task SwapAsync(ModelServer server, int times)
    {
        for (int i = 0; i < times; i++)
        {
            ModelVersion version = TestServers.VersionOf(i % 2 == 0 ? "text-mean" : "text-fixed");
            using (ModelLease lease = await server.AcquireAsync(version, Ct))
                await lease.Model.EmbedAsync(["a text"], default, Ct);
            server.Unload(version);
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static async Task<long> MemoryOfOneAsync()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);
        return server.Residents.Single().MemoryBytes;
    }

    private Task<string> CountingFetch(ModelVersion version, CancellationToken ct)
    {
        Interlocked.Increment(ref _fetches);
        return Task.FromResult(TestModels.Folder(version.Name));
    }
}
