using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Steps;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

/// <summary>What the index is asked for as time passes.</summary>
public sealed class IndexSpacesTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryFiveSeconds_TakesOverWhatOtherInstancesIndexed()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        using AssetIndex other = new(
            new StoredVectors(rig.Get<AssetStores>()),
            rig.Bucket,
            TimeProvider.System,
            NullLogger<AssetIndex>.Instance
        );
        VectorSpace space = (await rig.Get<ServingSpaces>().FindAsync(ModelRole.TextEmbedding, Token))!.Serving.ToSpace();
        await other.HoldAsync(ModelRole.TextEmbedding, space, Token);
        (IAssetIndex index, ChannelReader<object?[]> caughtUp) = Watched.Of(rig.Get<AssetIndex>(), nameof(IAssetIndex.CatchUpAsync));
        using IndexSpaces spaces = ActivatorUtilities.CreateInstance<IndexSpaces>(rig.Services, index, time);
        await spaces.StartAsync(Token);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "Ada Lovelace met Charles Babbage in London.");
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await other.AddAsync(source, Token);

        time.Advance(TimeSpan.FromSeconds(4));
        bool isEarly = caughtUp.TryRead(out _);
        time.Advance(TimeSpan.FromSeconds(1));
        await caughtUp.ReadAsync(Token);
        await spaces.StopAsync(Token);

        Assert.False(isEarly);
        Assert.True(rig.Get<AssetIndex>().Holds(source.AssetId));
    }

    /// <summary>However short the grace: another instance may fill one that this one has yet to hear of.</summary>
    [Theory]
    [InlineData(0, 60), InlineData(90, 90)]
    public async Task EveryHour_DeletesSpacesThatNothingNames_AfterAnHourAtLeast(int graceMinutes, int deletedAfterMinutes)
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        RolesOptions roles = rig.Get<RolesOptions>();
        roles.RollbackGrace = TimeSpan.FromMinutes(graceMinutes);
        (IAssetIndex index, ChannelReader<object?[]> deletions) = Watched.Of(rig.Get<AssetIndex>(), nameof(IAssetIndex.DeleteUnheldAsync));
        using IndexSpaces spaces = ActivatorUtilities.CreateInstance<IndexSpaces>(rig.Services, index, time);
        await spaces.StartAsync(Token);

        object?[] asked = await UntilAsync(deletions, time);
        await spaces.StopAsync(Token);

        Assert.Equal(TimeSpan.FromMinutes(deletedAfterMinutes), asked[0]);
    }

    /// <summary>The first look may come after a step of the clock, which then counts from there.</summary>
    private static async Task<object?[]> UntilAsync(ChannelReader<object?[]> calls, FakeTimeProvider time)
    {
        object?[]? call;
        while (!calls.TryRead(out call))
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await Task.Delay(TimeSpan.FromMilliseconds(10), Token);
        }
        return call;
    }

    /// <summary>The real index, with the calls of one of its methods made known once they are done.</summary>
    public class Watched : DispatchProxy
    {
        private readonly Channel<object?[]> _calls = Channel.CreateUnbounded<object?[]>();
        private IAssetIndex? _index;
        private string _watched = "";

        internal static (IAssetIndex Index, ChannelReader<object?[]> Calls) Of(IAssetIndex index, string method)
        {
            IAssetIndex proxy = Create<IAssetIndex, Watched>();
            Watched watched = (Watched)(object)proxy;
            (watched._index, watched._watched) = (index, method);
            return (proxy, watched._calls.Reader);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            object? result = targetMethod!.Invoke(_index, args);
            return targetMethod.Name == _watched ? TellAsync((Task)result!, args!) : result;
        }

        private async Task TellAsync(Task call, object?[] args)
        {
            await call;
            _calls.Writer.TryWrite(args);
        }
    }
}
