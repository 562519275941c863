using Serverless.Imaging;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

public sealed class TextMemoryTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Three jobs of 32 MB each took 1 GB beside what pictures may take.</summary>
    [Fact]
    public async Task AnUploadedText_IsReadOnceThereIsMemory_AndGivesItBack()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour of Port Alder was closed.");
        DecodeBudget budget = rig.Get<DecodeBudget>();
        Task<IngestedAsset> ingest;

        using (await budget.TakeAsync(budget.Total, Token))
        {
            ingest = rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
            await Recorder.UntilAsync(() => Task.FromResult(ingest.IsCompleted || budget.Waits > 0));
            Assert.Equal(1, budget.Waits);
        }

        Assert.Equal(AssetState.Processed, (await ingest).State);
        Assert.Equal(0, budget.Held);
    }
}
