using System.IO.Compression;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Steps;

public sealed class DirectIngestTests(SharedServers servers)
{
    private const string Text = "The harbour of Port Alder was closed. Maria Lopez said so on Friday.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_AText_WritesItsAnalysisAndSettlesIt()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a b/ä.txt", Text);

        IngestedAsset ingested = await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        AnalysisDocument? document = await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Token);
        Assert.Equal(new IngestedAsset(AssetState.Processed, AnalysisSpending.Of(document!)), ingested);
        Assert.True(ingested.Spent!.ProcessorSeconds > 0);
        Assert.Equal(ingested.Spent, (await FindAsync(rig, source)).Spent);
        Assert.Equal((source, 1, 2), (document!.Source, document.Attempts, document.Text!.Sentences.Count));
        Assert.Equal(Text.Length, document.Text.Characters);
        Assert.Equal(AssetState.Processed, (await FindAsync(rig, source)).State);
    }

    [Fact]
    public async Task Ingest_TheSameVersionAgain_ChangesNothing()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        LedgerEntry first = await FindAsync(rig, source);

        IngestedAsset[] repeated = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => rig.Get<DirectIngest>().IngestAsync(source, 2, Token))
        );

        Assert.All(repeated, ingested => Assert.Equal(new IngestedAsset(AssetState.Processed), ingested));
        Assert.Equal(first, await FindAsync(rig, source));
    }

    [Fact]
    public async Task Ingest_APictureThatNeedsMoreMemoryThanAllTogetherMayTake_IsTooLarge()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Decoding.MaxBytes = 1_000);
        AssetSource source = await rig.Bucket.UploadAsync("a.gif", TestImages.Gif(100, 100, 1));

        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        Assert.Equal(FailureKind.TooLarge, (await FindAsync(rig, source)).Failure!.Kind);
    }

    [Fact]
    public async Task Ingest_WhatIsNotAnalysed_IsQuarantinedWithTheReason()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("holiday.jpg", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0, 1, 2, 3, 4, 5, 6]);

        AssetState state = (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State;

        QuarantineRecord? record = await rig.Get<Quarantine>().FindAsync("s3", source.AssetId, Token);
        Assert.Equal(AssetState.Quarantined, state);
        Assert.Equal((FailureKind.Unsupported, source), (record!.Failure.Kind, record.Source));
        Assert.Contains("zip", record.Failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("allowed are", record.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_ADocumentThatIsAnArchive_IsNamedByItsEnd()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in (string[])["docProps/thumbnail.jpeg", "word/document.xml", "[Content_Types].xml"])
            {
                await using Stream entry = await archive.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(Token);
                await entry.WriteAsync(new byte[20_000], Token);
            }
        }
        AssetSource source = await rig.Bucket.UploadAsync("letter.docx", file.ToArray());

        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        LedgerEntry entered = await FindAsync(rig, source);
        Assert.StartsWith("Found a Word document (DOCX); allowed are", entered.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_ATextWithoutWords_IsQuarantinedAsUnsupported()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("empty.html", "<html><script>x()</script></html>");

        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        LedgerEntry entry = await FindAsync(rig, source);
        Assert.Equal((AssetState.Quarantined, FailureKind.Unsupported), (entry.State, entry.Failure!.Kind));
    }

    [Fact]
    public async Task Ingest_OverALimit_IsQuarantinedByItsSize()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Text.MaxBytes = 1024);
        AssetSource source = await rig.Bucket.UploadAsync("long.txt", new string('a', 1025));

        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        LedgerEntry entry = await FindAsync(rig, source);
        Assert.Equal((AssetState.Quarantined, FailureKind.TooLarge), (entry.State, entry.Failure!.Kind));
        Assert.Contains("1,025", entry.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_AVersionThatWasOverwritten_IsSuperseded()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource old = await rig.Bucket.UploadAsync("a.txt", Text);
        AssetSource current = await rig.Bucket.UploadAsync("a.txt", "Newer. " + Text);

        AssetState[] states =
        [
            (await rig.Get<DirectIngest>().IngestAsync(current, 1, Token)).State,
            (await rig.Get<DirectIngest>().IngestAsync(old, 1, Token)).State,
        ];

        LedgerDocument? document = await rig.Get<Ledger>().ReadAsync("s3", old.AssetId, Token);
        Assert.Equal([AssetState.Processed, AssetState.Superseded], states);
        Assert.Equal(current.VersionId, document!.Newest!.Version);
    }

    [Fact]
    public async Task Ingest_AnObjectThatWasDeleted_IsGoneAndNotMissing()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        await rig.Bucket.DeleteAsync("media/a.txt", Token);

        AssetState state = (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State;

        Assert.Equal(AssetState.Gone, state);
        Assert.Equal(new IngestSummary("s3"), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    [Fact]
    public async Task Ingest_ALongText_BecomesAJobOnce()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Analysis.LongDocumentCharacters = 5);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);

        AssetState state = (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State;
        await rig.Get<DirectIngest>().IngestAsync(source, 2, Token);

        WorkItem item = Assert.Single(await rig.Get<IWorkQueue>().ReceiveAsync(10, TimeSpan.FromMinutes(1), Token));
        GpuJobMessage job = AssetsJson.Read<GpuJobMessage>(item.Body);
        Assert.Equal(AssetState.Processing, state);
        Assert.Equal((source, null), (job.Request.Source, job.InstanceId));
        Assert.Equal(source.InstanceId(), job.JobId);
    }

    private static async Task<LedgerEntry> FindAsync(AssetRig rig, AssetSource source) =>
        (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!.Find(source.VersionId)!;
}
