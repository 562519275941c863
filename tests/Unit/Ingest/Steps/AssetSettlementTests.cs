using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Steps;

public sealed class AssetSettlementTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task AnAsset_DeletedWhileItIsQuarantined_LeavesNoRecord(bool isErased)
    {
        InterruptedStore store = new(await TestBucket.OpenAsync(servers), AssetLayout.QuarantinePrefix);
        await using AssetRig rig = await AssetRig.OpenOverAsync(servers, store);
        AssetSource source = await store.UploadAsync("bad.bin", [0, 1, 2, 3]);
        bool interrupted = false;
        store.Before(async () =>
        {
            interrupted = true;
            LedgerDocument asset = (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!;
            Assert.Equal(AssetState.Quarantined, asset.Newest!.State);
            if (isErased)
            {
                await rig.Get<AssetErasure>().EraseAsync(asset, "ana", Token);
                return;
            }
            await store.DeleteAsync("media/bad.bin", Token);
            await rig.Get<AssetErasure>().ForgetAsync("s3", source.Container, source.Key, Token);
        });

        AssetState state = (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State;

        Assert.True(interrupted);
        Assert.Equal(AssetState.Gone, state);
        Assert.Null(await rig.Get<Quarantine>().FindAsync("s3", source.AssetId, Token));
    }
}
