using Microsoft.Extensions.Time.Testing;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Alerts;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class LedgerViewTests(SharedServers servers)
{
    private static readonly Failure Bad = new(FailureKind.Malformed, "bad", Retryable: false);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Summarize_OfEveryState_AddsUp()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        await EnterAsync(ledger, await store.UploadAsync("done.txt", "1"), (entry, now) => entry.Complete(1, now));
        await EnterAsync(ledger, await store.UploadAsync("bad.txt", "2"), (entry, now) => entry.Quarantine(Bad, 1, now));
        await EnterAsync(ledger, await store.UploadAsync("busy.txt", "3"), (entry, _) => entry);
        await store.UploadAsync("unknown.txt", "4");
        await store.UploadAsync("folder/", ""); // a mark, which is no upload
        await EnterAsync(ledger, await store.UploadAsync("changed.txt", "5"), (entry, now) => entry.Complete(1, now));
        await store.UploadAsync("changed.txt", "a newer version, of which no event has arrived");
        AssetSource deleted = await store.UploadAsync("deleted.txt", "6");
        await EnterAsync(ledger, deleted, (entry, now) => entry.Complete(1, now));
        await store.DeleteAsync("media/deleted.txt", Token);

        IngestSummary summary = await new LedgerView(store, _time).SummarizeAsync(Token);

        Assert.Equal(new IngestSummary("s3", Expected: 5, Processed: 1, Quarantined: 1, Missing: 3, Processing: 1), summary);
        Assert.Equal(summary.Expected, summary.Processed + summary.Quarantined + summary.Missing);
    }

    [Fact]
    public async Task ADocument_ThatIsTorn_HidesNoOther_UntilItIsMended()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        AssetSource torn = await store.UploadAsync("torn.txt", "1");
        AssetSource whole = await store.UploadAsync("whole.txt", "2");
        await EnterAsync(ledger, whole, (entry, now) => entry.Complete(1, now));
        LedgerView view = new(store, _time);
        using Stream body = new BinaryData("{").ToStream();
        await store.WriteAsync(AssetLayout.Ledger(torn.AssetId), body, WriteCondition.Always, "application/json", Token);

        IngestSummary summary = await view.SummarizeAsync(Token);
        string[] faults = [.. view.Faults];
        await store.DeleteAsync(AssetLayout.Ledger(torn.AssetId), Token);
        await view.RefreshAsync(Token);

        Assert.Equal((1, 1), (summary.Processed, summary.Missing));
        Assert.Equal(["whole.txt"], view.NewestFirst().Select(row => row.Source.Key[^9..]));
        Assert.Contains(AssetLayout.Ledger(torn.AssetId), Assert.Single(faults), StringComparison.Ordinal);
        Assert.Empty(view.Faults);
    }

    [Fact]
    public async Task Refresh_AfterAChange_ShowsIt()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        LedgerView view = new(store, _time);
        AssetSource first = await store.UploadAsync("first.txt", "1");
        AssetSource second = await store.UploadAsync("second.txt", "2");
        await EnterAsync(ledger, first, (entry, _) => entry);
        await EnterAsync(ledger, second, (entry, _) => entry);
        await view.RefreshAsync(Token);

        await EnterAsync(ledger, first, (entry, now) => entry.Complete(1, now));
        await view.RefreshAsync(Token);

        Assert.Equal([AssetState.Processed, AssetState.Processing], view.NewestFirst().Select(row => row.State));
        Assert.Equal(AssetState.Processed, view.StateOf(first));
        Assert.Null(view.StateOf(first with { Version = "another" }));
    }

    [Fact]
    public async Task Snapshot_OfALargeLedger_IsShownByTheNextProcess_AndOutdatedByChanges()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        AssetSource[] sources = await FillAsync(store, ledger);
        LedgerView view = new(store, _time);
        await view.RefreshAsync(Token);
        IngestSummary summary = new("s3", Expected: sources.Length + 1, Processed: sources.Length, Missing: 1);
        await view.SaveAsync(summary, _time.GetUtcNow(), Token);
        await EnterAsync(ledger, sources[7], (entry, now) => entry.Vanish(now));
        await ledger.DeleteAsync("s3", sources[8].AssetId, Token);

        LedgerView next = new(store, _time);
        LedgerSnapshot? snapshot = await next.RememberAsync();
        IReadOnlyList<LedgerRow> remembered = next.NewestFirst();
        await next.RefreshAsync(Token);

        Assert.Equal((summary, _time.GetUtcNow()), (snapshot!.Summary, snapshot.AsOf));
        Assert.Equal(view.NewestFirst(), remembered);
        Assert.Equal(AssetState.Gone, next.StateOf(sources[7]));
        Assert.Null(next.Find(sources[8].AssetId));
        Assert.Equal(sources.Length - 1, next.NewestFirst().Count);
    }

    [Fact]
    public async Task AProcessThatStarts_AfterAnotherHasReadMuch_ShowsItByOneRequest()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetSource[] sources = await FillAsync(store, new Ledger(new AssetStores([store]), TimeProvider.System));
        await new LedgerView(store, _time).RefreshAsync(Token); // as any page does that lists
        CountingStore counted = new(store);
        LedgerView view = new(counted, _time);

        LedgerSnapshot? snapshot = await view.RememberAsync();
        int untilShown = counted.Reads;
        int shown = view.NewestFirst().Count;
        await view.RefreshAsync(Token);

        Assert.Equal((1, sources.Length), (untilShown, shown));
        Assert.Equal(new IngestSummary("s3", Expected: sources.Length, Processed: sources.Length), snapshot!.Summary);
        Assert.Equal((2, 0), (counted.Reads, counted.Writes)); // a listing, of which nothing is new
    }

    [Fact]
    public async Task Snapshot_IsWrittenAnew_OnceManyRowsHaveChanged()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        AssetSource[] sources = await FillAsync(store, ledger);
        CountingStore counted = new(store);
        LedgerView view = new(counted, _time);
        await view.RefreshAsync(Token);
        int first = counted.Writes;
        await ledger.UpdateAsync(sources[0], (entry, now) => entry.Vanish(now), Token);
        await view.RefreshAsync(Token);
        int afterOne = counted.Writes;

        await Parallel.ForEachAsync(sources.Skip(1), Token, async (source, token) =>
            await ledger.UpdateAsync(source, (entry, now) => entry.Vanish(now), token)
        );
        await view.RefreshAsync(Token);

        Assert.Equal((1, 1, 2), (first, afterOne, counted.Writes));
    }

    [Fact]
    public async Task Snapshot_ThatIsDamaged_IsPassedOver()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        using MemoryStream damaged = new([1, 2, 3]);
        await store.WriteAsync(AssetLayout.LedgerSnapshot, damaged, WriteCondition.Always, "application/gzip", Token);

        Assert.Null(await new LedgerView(store, _time).RememberAsync());
    }

    /// <summary>As many assets as a ledger has that is kept in a snapshot.</summary>
    private static async Task<AssetSource[]> FillAsync(S3ObjectStore store, Ledger ledger)
    {
        AssetSource[] sources =
        [
            .. Enumerable
                .Range(0, LedgerSnapshot.FewestRows)
                .Select(i => new AssetSource("s3", store.Locate("a").Container, $"media/{i}.txt", "1")),
        ];
        await Parallel.ForEachAsync(sources, Token, async (source, _) =>
            await EnterAsync(ledger, source, (entry, now) => entry.Complete(1, now))
        );
        return sources;
    }

    private static Task<LedgerEntry> EnterAsync(Ledger ledger, AssetSource source, Func<LedgerEntry, DateTimeOffset, LedgerEntry> then) =>
        ledger.UpdateAsync(source, (entry, now) => then(entry.Begin(1, MediaKind.Text, "text/plain", 1, now), now), Token);
}
