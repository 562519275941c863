using Serverless.Exports;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Exports;
using Serverless.Unit.Ingest;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Exports;

public sealed class AnalysedAssetsTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnUpload_IsToldOf_AsItsAnalysisHasIt()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource text = await rig.Bucket.UploadAsync("a.md", "# Port Alder\n\nThe harbour was closed. Maria Lopez said so on Friday."),
            image = await rig.Bucket.UploadAsync("a.png", TestImages.Save("pngsave"));
        await rig.Get<DirectIngest>().IngestAsync(text, 1, Token);
        await rig.Get<DirectIngest>().IngestAsync(image, 1, Token);
        AnalysedAssets assets = new(rig.Get<AssetStores>(), rig.Get<Ledger>(), rig.Get<AnalysisWriter>());

        AssetFacts read = Assert.Single(await assets.FindAsync(text.AssetId, Token)),
            seen = Assert.Single(await assets.FindAsync(image.AssetId, Token));

        Assert.Equal((text.VersionId, "text", "text/plain"), (read.Version, read.Kind, read.MediaType));
        Assert.Equal(("image", "image/png"), (seen.Kind, seen.MediaType));
        Assert.NotEmpty(seen.Labels);
        Assert.All(seen.Models, model => Assert.Contains('/', model));
        Assert.True(read.Registered <= read.Analysed);
    }

    /// <summary>Captures may hold anything in the place of an asset; nothing of it becomes a path.</summary>
    [Theory]
    [InlineData("nobody")]
    [InlineData("")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task WhatIsNoAsset_HasNone(string asset)
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysedAssets assets = new(rig.Get<AssetStores>(), rig.Get<Ledger>(), rig.Get<AnalysisWriter>());

        Assert.Empty(await assets.FindAsync(asset, Token));
    }
}
