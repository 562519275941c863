using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Serverless.Unit.Words;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

public sealed class IndexedWordsTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CatchUp_ReadsWhatTheLedgerHasAndTheIndexLacks()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource text = await IngestAsync(rig, "a.txt", "The harbours of Port Alder were closed all night."u8.ToArray());
        AssetSource image = await IngestAsync(rig, "a.png", TestImages.Save("pngsave"));
        IndexedWords words = rig.Get<IndexedWords>();
        bool before = words.IsCaughtUp;

        await words.CatchUpAsync(Token);
        words.Index.Refresh();

        Assert.False(before);
        Assert.True(words.IsCaughtUp);
        Assert.Equal([text.AssetId], words.Index.Find("harbour"));
        Assert.True(words.Knows(image.AssetId, image.VersionId));
    }

    /// <summary>Without the ledger being listed: what comes with vectors brings its words, and what goes takes them along.</summary>
    [Fact]
    public async Task Words_OfWhatAnotherInstanceAddsAndErases_FollowItsVectors()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        using WordIndex there = TestWords.Open();
        AssetIndex other = await OpenOtherAsync(rig, there);
        AssetSource text = await IngestAsync(rig, "a.txt", "The harbours of Port Alder were closed all night."u8.ToArray());

        await rig.Get<AssetIndex>().AddAsync(text, Token);
        await other.CatchUpAsync(Token);
        there.Refresh();
        string[] found = there.Find("harbour");
        LedgerDocument document = (await rig.Get<Ledger>().ReadAsync(text.Store, text.AssetId, Token))!;
        await rig.Get<AssetErasure>().EraseAsync(document, "test", Token);
        await other.CatchUpAsync(Token);
        there.Refresh();

        Assert.Equal([text.AssetId], found);
        Assert.Empty(there.Find("harbour"));
        Assert.False(other.Holds(text.AssetId));
    }

    /// <summary>Another process over the same stores.</summary>
    private static async Task<AssetIndex> OpenOtherAsync(AssetRig rig, WordIndex words)
    {
        IndexedWords indexed = new(
            words,
            rig.Get<AnalysedWords>(),
            new LedgerViews(rig.Get<AssetStores>(), TimeProvider.System),
            new WordOptions(),
            TimeProvider.System,
            NullLogger<IndexedWords>.Instance
        );
        AssetIndex other = new(
            new StoredVectors(rig.Get<AssetStores>()),
            rig.Bucket,
            TimeProvider.System,
            NullLogger<AssetIndex>.Instance,
            words: indexed
        );
        foreach (ModelRole role in new[] { ModelRole.TextEmbedding, ModelRole.ImageEmbedding })
        {
            await other.HoldAsync(role, (await rig.Get<ServingSpaces>().FindAsync(role, Token))!.Serving.ToSpace(), Token);
        }
        return other;
    }

    [Fact]
    public async Task CatchUp_OfAnAnalysisWithoutAFileOfPassages_TakesWhatItsVectorsShow()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource text = await IngestAsync(rig, "a.txt", "The harbours of Port Alder were closed all night."u8.ToArray());
        await ForgetPassagesAsync(rig, text);

        await rig.Get<IndexedWords>().CatchUpAsync(Token);
        rig.Get<WordIndex>().Refresh();

        Assert.Equal([text.AssetId], rig.Get<WordIndex>().Find("harbour"));
    }

    [Fact]
    public async Task Names_AreFoundByTheirWords()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource text = await IngestAsync(rig, "desk/closing.final_prices.txt", "Nothing was sold."u8.ToArray());
        AssetSource image = await IngestAsync(rig, "desk/lighthouse-at-dusk.png", TestImages.Save("pngsave"));

        await rig.Get<IndexedWords>().CatchUpAsync(Token);
        rig.Get<WordIndex>().Refresh();

        Assert.Equal([text.AssetId], rig.Get<WordIndex>().Find("final prices"));
        Assert.Equal([image.AssetId], rig.Get<WordIndex>().Find("lighthouse"));
    }

    [Fact]
    public async Task CatchUp_RemovesWhatIsGone()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource text = await IngestAsync(rig, "a.txt", "The harbour was closed."u8.ToArray());
        await rig.Get<IndexedWords>().CatchUpAsync(Token);
        await rig.Get<Ledger>().VanishAsync(text.Store, text.AssetId, Token);

        await rig.Get<IndexedWords>().CatchUpAsync(Token);

        Assert.False(rig.Get<WordIndex>().Holds(text.AssetId));
    }

    /// <summary>As on an instance that did not see it.</summary>
    [Fact]
    public async Task CatchUp_RemovesWhatAVersionInQuarantineReplaced()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource text = await IngestAsync(rig, "a.txt", "The harbour was closed."u8.ToArray());
        AssetSource refused = await IngestAsync(rig, "a.txt", [0, 1, 2, 0xFF]);
        IndexedWords words = rig.Get<IndexedWords>();
        await words.AddAsync(text, DateTimeOffset.UnixEpoch, Token);
        bool before = words.Holds(refused.AssetId);

        await words.CatchUpAsync(Token);

        Assert.True(before);
        Assert.False(words.Holds(refused.AssetId));
    }

    [Fact]
    public async Task Add_OfADamagedFile_HoldsNothingUp()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource text = await IngestAsync(rig, "a.txt", "The harbour was closed."u8.ToArray());
        string path = AssetLayout.Artifact(text.AssetId, text.VersionId, PassageTexts.FileName);
        using MemoryStream damaged = new("no gzip"u8.ToArray());
        await rig.Bucket.WriteAsync(path, damaged, WriteCondition.Always, PassageTexts.MediaType, Token);

        bool added = await rig.Get<AssetIndex>().AddAsync(text, Token);

        Assert.True(added);
        Assert.False(rig.Get<WordIndex>().Holds(text.AssetId));
        Assert.True(rig.Get<AssetIndex>().Knows(text.AssetId, text.VersionId));
    }

    private static async Task ForgetPassagesAsync(AssetRig rig, AssetSource source)
    {
        AnalysisDocument document = (await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Token))!;
        await rig.Bucket.DeleteAsync(document.Text!.PassageTexts!.Path, Token);
        using Stream body = AssetsJson.Write(document with { Text = document.Text with { PassageTexts = null } }).ToStream();
        await rig.Bucket.WriteAsync(
            AssetLayout.Analysis(document.Asset, document.Version),
            body,
            WriteCondition.Always,
            StoredJson.ContentType,
            Token
        );
    }

    private static async Task<AssetSource> IngestAsync(AssetRig rig, string name, byte[] bytes)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, bytes);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        return source;
    }
}
