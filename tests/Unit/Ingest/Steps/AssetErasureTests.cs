using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Steps;

public sealed class AssetErasureTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erase_LeavesNothingOfTheAsset_ButThatItWasDone()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource secret = await AnalyseAsync(rig, "letters/carol-winter.txt", "Carol Winter lives in Quillhaven.");
        AssetSource other = await AnalyseAsync(rig, "other.txt", "The harbour of Port Alder was closed.");
        await rig.Get<AssetIndex>().RefreshAsync(Token);
        LedgerDocument asset = (await rig.Get<Ledger>().ReadAsync("s3", secret.AssetId, Token))!;

        ErasureRecord record = await rig.Get<AssetErasure>().EraseAsync(asset, "ana", Token);

        Assert.Equal((secret.AssetId, "ana"), (record.Asset, record.By));
        Assert.Equal(record, await rig.Get<ErasureRecords>().FindAsync("s3", secret.AssetId, Token));
        await foreach (StoredObject kept in rig.Bucket.ListAsync("", Token))
        {
            string content = Encoding.UTF8.GetString((await rig.Bucket.ReadAsync(kept.Path, 16 << 20, Token))!.Data);
            Assert.DoesNotContain("carol", kept.Path + content, StringComparison.OrdinalIgnoreCase);
        }
        Assert.False(rig.Get<AssetIndex>().Holds(secret.AssetId));
        Assert.True(rig.Get<AssetIndex>().Holds(other.AssetId));
        Assert.NotNull(await rig.Bucket.FindAsync(AssetLayout.Analysis(other.AssetId, other.VersionId), Token));
    }

    private static async Task<AssetSource> AnalyseAsync(AssetRig rig, string name, string text)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Get<AssetIndex>().AddAsync(source, Token);
        return source;
    }
}
