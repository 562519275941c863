using Microsoft.Extensions.Time.Testing;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class LedgerViewsTests(SharedServers servers)
{
    private const int Assets = LedgerSnapshot.FewestRows + 20;
    private const int ReadSoFar = 100;

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALargeLedger_ReadForTheFirstTime_IsShownAsFarAsItIsRead_AndKept()
    {
        InterruptedStore store = new(await TestBucket.OpenAsync(servers), AssetLayout.LedgerPrefix);
        AssetStores stores = new([store]);
        await FillAsync(store, new Ledger(stores, TimeProvider.System));
        TaskCompletionSource goOn = new();
        store.HoldReads(ReadSoFar, goOn.Task);
        LedgerViews views = new(stores, _time);

        Task<IngestCounts> counting = views.CountAsync(Token);
        await Recorder.UntilAsync(() => Task.FromResult(views.NewestFirst().Count() == ReadSoFar && views.Unread > 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        IngestCounts early = await counting;
        goOn.SetResult();
        IngestCounts whole = early;
        while (whole.Unread > 0)
        {
            counting = views.CountAsync(Token);
            _time.Advance(TimeSpan.FromSeconds(1));
            whole = await counting;
        }
        await views["s3"].RefreshAsync(Token);

        Assert.True(early.Unread > 0);
        Assert.Equal((ReadSoFar, early.Unread), (early.Stores[0].Processed, early.Stores[0].Missing));
        Assert.Equal(early.Stores[0].Expected, early.Stores[0].Processed + early.Stores[0].Missing);
        Assert.Equal(Assets, views.NewestFirst().Count());
        await Recorder.UntilAsync(async () => await store.FindAsync(AssetLayout.LedgerSnapshot, Token) is not null);
    }

    [Fact]
    public async Task ALedger_WhoseFirstDocumentsTakeLong_KeepsNobodyWaiting()
    {
        const int few = 3;
        InterruptedStore store = new(await TestBucket.OpenAsync(servers), AssetLayout.LedgerPrefix);
        AssetStores stores = new([store]);
        await FillAsync(store, new Ledger(stores, TimeProvider.System), few);
        TaskCompletionSource goOn = new();
        store.HoldReads(0, goOn.Task);
        LedgerViews views = new(stores, _time);

        Task<IngestCounts> counting = views.CountAsync(Token);
        Task listing = views.RefreshPacedAsync(Token);
        await Recorder.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(counting.IsCompleted && listing.IsCompleted);
        });
        IngestCounts early = await counting;
        goOn.SetResult();
        await views.RefreshAsync(Token);

        Assert.Equal(0, early.Stores[0].Processed);
        Assert.InRange(early.Unread, 1, few); // as far as they are listed
        Assert.Equal((few, 0), (views.NewestFirst().Count(), views.Unread));
    }

    private static Task FillAsync(IObjectStore store, Ledger ledger, int assets = Assets) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, assets).Select(i => new AssetSource("s3", store.Locate("a").Container, $"media/{i}.txt", "1")),
            Token,
            async (source, token) =>
                await ledger.UpdateAsync(
                    source,
                    (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 1, now).Complete(1, now),
                    token
                )
        );
}
