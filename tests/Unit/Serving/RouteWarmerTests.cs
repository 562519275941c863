using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Unit.Inference;
using Serverless.Unit.Inference.Serving;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Serving;

/// <summary>When a change of traffic may take effect, by what is in memory.</summary>
public sealed class RouteWarmerTests
{
    private static readonly PredictionOptions Options = new();

    private readonly ManualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_LoadsWhatIsConfigured()
    {
        await using ModelServer models = TestServers.Start(new ServingOptions { Warm = ["m/1"] }, fetch: Fetch);
        using RouteWarmer warmer = WarmerOf(models);

        await warmer.StartAsync(Cancellation);
        await warmer.ExecuteTask!;

        Assert.True(models.IsReady(new ModelVersion("m", 1)));
    }

    [Fact]
    public async Task Prepare_EndsOnceLoaded_AndKeepsWhatSharesTheTraffic()
    {
        await using ModelServer models = TestServers.Start(fetch: Fetch);

        await WarmerOf(models).PrepareAsync(PlanOf(1), PlanOf(1, canary: 2));

        Assert.All(models.Residents, model => Assert.Equal((ResidentState.Ready, true), (model.State, model.IsKeptWarm)));
        Assert.Equal(2, models.Residents.Count);
    }

    [Fact]
    public async Task Prepare_OfOneVersionAlone_LeavesItToItsUse()
    {
        await using ModelServer models = TestServers.Start(fetch: Fetch);

        await WarmerOf(models).PrepareAsync(PlanOf(1), PlanOf(2));

        Assert.Equal([(2, false)], models.Residents.Select(model => (model.Version.Version, model.IsKeptWarm)));
    }

    [Fact]
    public async Task Prepare_OfALongLoad_EndsWhenCallersHaveWaitedLongEnough()
    {
        TaskCompletionSource<string> fetched = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ModelServer models = TestServers.Start(fetch: (_, _) => fetched.Task);

        Task prepared = WarmerOf(models).PrepareAsync(PlanOf(1), PlanOf(2));
        bool early = prepared.IsCompleted;
        _time.Advance(Options.LoadPatience);
        await prepared.WaitAsync(Cancellation);

        Assert.False(early);
        Assert.Equal(ResidentState.Loading, models.Residents.Single().State);
        fetched.SetResult(TestModels.Folder("text-mean"));
    }

    [Fact]
    public async Task Prepare_WithNoRoomForBoth_LetsTheChangeMakeTheRoom()
    {
        long one = await MemoryOfOneAsync();
        await using ModelServer models = TestServers.Start(new ServingOptions { MemoryBudgetBytes = one + (one / 2) }, fetch: Fetch);
        await models.WarmUpAsync([new ModelVersion("m", 1)], Cancellation);

        await WarmerOf(models).PrepareAsync(PlanOf(1), PlanOf(2));
        bool kept = models.IsReady(new ModelVersion("m", 1));
        (await models.AcquireAsync(new ModelVersion("m", 2), Cancellation)).Dispose();

        Assert.True(kept);
        Assert.Equal([2], models.Residents.Select(model => model.Version.Version));
    }

    private static async Task<long> MemoryOfOneAsync()
    {
        await using ModelServer models = TestServers.Start(fetch: Fetch);
        await models.WarmUpAsync([new ModelVersion("m", 1)], Cancellation);
        return models.Residents.Single().MemoryBytes;
    }

    private RouteWarmer WarmerOf(ModelServer models) =>
        new(models, Options, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), _time, NullLogger<RouteWarmer>.Instance);

    private static RoutePlan PlanOf(int stable, int? canary = null) =>
        RoutePlan.Of(
            "prod",
            "m",
            stable,
            RolloutRecord.Idle("prod", "m", stable) with
            {
                Canary = canary is { } version ? new CanaryArm(version, 0.5) : null,
            }
        )!;

    private static Task<string> Fetch(ModelVersion version, CancellationToken cancellationToken) =>
        Task.FromResult(TestModels.Folder("text-mean"));
}
