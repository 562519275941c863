using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Steps;

/// <summary>What becomes of an asset whose object was deleted, whenever the news of it comes.</summary>
public sealed class AssetForgettingTests(SharedServers servers)
{
    private const string Text = "The harbour of Port Alder was closed.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forget_AfterADeletion_TakesAllVersionsAlong_HoweverOftenItIsTold()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource first = await AnalyseAsync(rig, "a.txt", Text);
        AssetSource second = await AnalyseAsync(rig, "a.txt", Text + " It opened again.");
        AssetSource other = await AnalyseAsync(rig, "other.txt", Text);
        await rig.Bucket.DeleteAsync("media/a.txt", Token);

        AssetSource? forgotten = await ForgetAsync(rig, second);
        await ForgetAsync(rig, second);

        Assert.Equal(second, forgotten);
        Assert.Empty(await FindingsAsync(rig, first));
        Assert.NotEmpty(await FindingsAsync(rig, other));
        Assert.False(rig.Get<AssetIndex>().Holds(first.AssetId));
        Assert.True(rig.Get<AssetIndex>().Holds(other.AssetId));
        LedgerDocument asset = (await rig.Get<Ledger>().ReadAsync("s3", first.AssetId, Token))!;
        Assert.Equal([AssetState.Gone, AssetState.Gone], asset.Versions.Select(entry => entry.State));
        Assert.Equal(new IngestSummary("s3", Expected: 1, Processed: 1), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    [Fact]
    public async Task Forget_WhatIsQuarantined_TakesItsRecordAlong()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.zip", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0, 1, 2, 3, 4, 5, 6]);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Bucket.DeleteAsync("media/a.zip", Token);

        Assert.True(await rig.Get<DirectIngest>().ForgetAsync("s3", source.Container, source.Key, Token));

        Assert.Null(await rig.Get<Quarantine>().FindAsync("s3", source.AssetId, Token));
        Assert.Equal(new IngestSummary("s3"), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    [Fact]
    public async Task Forget_WhileThereIsAnObjectOfThatName_TouchesNothing()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await AnalyseAsync(rig, "a.txt", Text);

        Assert.Null(await ForgetAsync(rig, source));

        Assert.NotEmpty(await FindingsAsync(rig, source));
        Assert.Equal(AssetState.Processed, (await EntryAsync(rig, source))!.State);
    }

    [Theory]
    [InlineData("media/never-there.txt")]
    [InlineData("ledger/aa/aa.json")]
    public async Task Forget_WhatIsNotKnown_LeavesNoTrace(string key)
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        string bucket = rig.Bucket.Locate(key).Container;

        Assert.Null(await rig.Get<AssetErasure>().ForgetAsync("s3", bucket, key, Token));
        Assert.Equal(
            AssetState.Gone,
            (await rig.Get<DirectIngest>().IngestAsync(new AssetSource("s3", bucket, key, "late"), 1, Token)).State
        );

        Assert.Empty(await rig.Bucket.ListAsync("", Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Settle_WhatWasDeletedMeanwhile_DeletesWhatWasFoundInIt()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        AnalysisRequest request = (await rig.Get<AssetAdmission>().AdmitAsync(source, 1, Token)).Request!;
        await rig.Get<AssetAdmission>().BeginAsync(request, Token);
        AnalysisOutcome outcome = await rig.Get<AssetAnalysis>().AnalyseAsync(request, asJob: false, TimeSpan.Zero, Token);
        await rig.Bucket.DeleteAsync("media/a.txt", Token);
        await ForgetAsync(rig, source);
        await rig.Get<AnalysisWriter>().WriteFileAsync(request, "late.bin", new byte[] { 1 }, "application/octet-stream", Token);

        AssetState state = await rig.Get<AssetSettlement>().SettleAsync(source, outcome, 1, Token);

        Assert.Equal(AssetState.Gone, state);
        Assert.Equal(AssetState.Gone, (await EntryAsync(rig, source))!.State);
        Assert.Empty(await FindingsAsync(rig, source));
    }

    [Fact]
    public async Task Settle_WhatWasErasedMeanwhile_DoesNotBringItsEntryBack()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("carol.txt", Text);
        AnalysisRequest request = (await rig.Get<AssetAdmission>().AdmitAsync(source, 1, Token)).Request!;
        await rig.Get<AssetAdmission>().BeginAsync(request, Token);
        AnalysisOutcome outcome = await rig.Get<AssetAnalysis>().AnalyseAsync(request, asJob: false, TimeSpan.Zero, Token);
        LedgerDocument asset = (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!;
        await rig.Get<AssetErasure>().EraseAsync(asset, "ana", Token);
        await rig.Get<AnalysisWriter>().WriteFileAsync(request, "late.bin", new byte[] { 1 }, "application/octet-stream", Token);

        AssetState state = await rig.Get<AssetSettlement>().SettleAsync(source, outcome, 1, Token);

        Assert.Equal(AssetState.Gone, state);
        Assert.Null(await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token));
        Assert.Empty(await FindingsAsync(rig, source));
    }

    /// <summary>In S3 the same bytes are the same version.</summary>
    [Fact]
    public async Task Ingest_TheSameBytesAfterADeletion_IsFoundAgain_HoweverOften()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await AnalyseAsync(rig, "a.txt", Text);

        for (int i = 0; i < AssetAdmission.MaxAttempts + 1; i++)
        {
            await rig.Bucket.DeleteAsync("media/a.txt", Token);
            await ForgetAsync(rig, source);
            Assert.False(rig.Get<AssetIndex>().Holds(source.AssetId));
            await AnalyseAsync(rig, "a.txt", Text);
        }

        Assert.True(rig.Get<AssetIndex>().Holds(source.AssetId));
        Assert.Equal(AssetState.Processed, (await EntryAsync(rig, source))!.State);
        Assert.NotEmpty(await FindingsAsync(rig, source));
    }

    private static async Task<AssetSource> AnalyseAsync(AssetRig rig, string name, string text)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, text);
        Assert.Equal(AssetState.Processed, (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State);
        await rig.Get<AssetIndex>().AddAsync(source, Token);
        return source;
    }

    private static Task<AssetSource?> ForgetAsync(AssetRig rig, AssetSource source) =>
        rig.Get<AssetErasure>().ForgetAsync(source.Store, source.Container, source.Key, Token);

    private static async Task<IReadOnlyList<StoredObject>> FindingsAsync(AssetRig rig, AssetSource source) =>
        await rig.Bucket.ListAsync(AssetLayout.Analyses(source.AssetId), Token).ToListAsync(Token);

    private static async Task<LedgerEntry?> EntryAsync(AssetRig rig, AssetSource source) =>
        (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))?.Find(source.VersionId);
}
