using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class LedgerTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_ByManyWritersAtOnce_LosesNone()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        AssetSource[] versions = [.. Enumerable.Range(0, 6).Select(i => new AssetSource("s3", "bucket", "media/a.txt", $"etag-{i}"))];

        await Task.WhenAll(
            versions.Select(version =>
                ledger.UpdateAsync(version, (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 5, now).Complete(1, now), Token)
            )
        );

        LedgerDocument? document = await ledger.ReadAsync("s3", versions[0].AssetId, Token);
        Assert.Equal(6, document!.Versions.Count(entry => entry.State == AssetState.Processed));
    }

    [Fact]
    public async Task Update_FromWhatItRemembers_YieldsToWhatAnotherProcessWrote()
    {
        AssetStores stores = new([await TestBucket.OpenAsync(servers)]);
        Ledger here = new(stores, TimeProvider.System),
            elsewhere = new(stores, TimeProvider.System);
        AssetSource source = new("s3", "bucket", "media/a.txt", "etag");
        LedgerEntry begun = await here.UpdateAsync(
            source,
            (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 5, now),
            Token,
            isNew: true
        );
        await elsewhere.UpdateAsync(source, (entry, now) => entry.Vanish(now), Token);

        // Unchanged as far as it remembers: it looks before it says so.
        LedgerEntry gone = await here.UpdateAsync(source, (entry, _) => entry, Token);
        LedgerEntry anew = await here.UpdateAsync(
            source,
            (entry, now) => entry.Begin(2, MediaKind.Text, "text/plain", 5, now),
            Token,
            isNew: true
        );
        await elsewhere.UpdateAsync(source, (entry, now) => entry.Complete(7, now), Token);
        LedgerEntry done = await here.UpdateAsync(source, (entry, now) => entry.Complete(2, now), Token);

        Assert.Equal((AssetState.Processing, AssetState.Gone, 2, 7), (begun.State, gone.State, anew.Attempts, done.Attempts));
    }

    [Fact]
    public async Task Update_ThatChangesNothing_WritesNothing()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        AssetSource source = new("s3", "bucket", "media/a.txt", "etag");
        await ledger.UpdateAsync(source, (entry, _) => entry, Token);
        StoredObject? before = await store.FindAsync(AssetLayout.Ledger(source.AssetId), Token);

        await ledger.UpdateAsync(source, (entry, _) => entry, Token);

        Assert.Equal(before, await store.FindAsync(AssetLayout.Ledger(source.AssetId), Token));
    }
}
