using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Media.Video;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

/// <summary>Through Azurite, where each upload of the same bytes is a version of its own.</summary>
public sealed class AnalysisReuseTests(SharedServers servers, TestVideos films) : IClassFixture<TestVideos>
{
    /// <summary>Of no other test, whose analyses lie in the same container.</summary>
    private readonly string _text =
        $"The harbour of Port Alder was closed. Maria Lopez said so on Friday. Her note is number {Guid.NewGuid():N}.";

    private readonly string _name = $"reuse-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MediaKind.Text)]
    [InlineData(MediaKind.Image)]
    public async Task Ingest_TheSameBytesAgain_RunsNoModel(MediaKind kind)
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        byte[] bytes = kind == MediaKind.Text ? Encoding.UTF8.GetBytes(_text) : Picture(40);
        AnalysisDocument first = await IngestAsync(rig, bytes);

        AnalysisDocument second = await IngestAsync(rig, bytes);
        AnalysisDocument third = await IngestAsync(rig, bytes);

        Assert.True(first.Timings.InferenceMilliseconds > 0);
        Assert.Equal((0, 0), (second.Timings.InferenceMilliseconds, second.Timings.DecodeMilliseconds));
        Assert.Equal([null, first.Version, first.Version], [first.ReusedFrom, second.ReusedFrom, third.ReusedFrom]);
        Assert.Equal(3, new[] { first, second, third }.Select(document => document.Version).Distinct().Count());
        Assert.Equal(first.Sha256, third.Sha256);
        Assert.Equal(first.Text?.Entities, third.Text?.Entities);
        Assert.Equal(first.Image?.Labels, third.Image?.Labels);
    }

    [Fact]
    public async Task Ingest_OtherBytes_OrOtherOptions_RunsTheModels()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        await using AssetRig other = await AssetRig.OpenAzureAsync(servers, options => options.Analysis.PassageTokens = 8);
        byte[] bytes = Encoding.UTF8.GetBytes(_text);
        await IngestAsync(rig, bytes);

        AnalysisDocument changed = await IngestAsync(
            rig,
            Encoding.UTF8.GetBytes(_text.Replace("Lopez", "Gomez", StringComparison.Ordinal))
        );
        AnalysisDocument configured = await IngestAsync(other, bytes);

        Assert.All([changed, configured], document => Assert.Null(document.ReusedFrom));
        Assert.All([changed, configured], document => Assert.True(document.Timings.InferenceMilliseconds > 0));
    }

    [Fact]
    public async Task Ingest_TheSameTextAgain_HasPassagesOfItsOwn()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        byte[] bytes = Encoding.UTF8.GetBytes(_text);
        AnalysisDocument first = await IngestAsync(rig, bytes);
        AnalysisDocument second = await IngestAsync(rig, bytes);

        await rig.Bucket.DeleteAllAsync(AssetLayout.Findings(first.Asset, first.Version), Token);

        ArtifactFile file = second.Text!.PassageTexts!;
        await using Stream packed = await rig.Bucket.OpenAsync(file.Path, version: null, 0, Token);
        IReadOnlyList<PassageText> passages = await PassageTexts.UnpackAsync(packed, 1_000, Token);
        Assert.StartsWith(AssetLayout.Findings(second.Asset, second.Version), file.Path, StringComparison.Ordinal);
        Assert.Equal(second.Text.Passages.Select(passage => Place.OfText(passage.Start, passage.End)), passages.Select(p => p.Place));
        Assert.Equal(_text, string.Join(' ', passages.Select(passage => passage.Text)));
        Assert.Equal("en", second.Text.Language);
    }

    [Fact]
    public async Task Ingest_TheSameBytesAgain_StandsWithoutTheEarlierVersion()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        AnalysisDocument first = await IngestAsync(rig, Picture(40));
        AnalysisDocument second = await IngestAsync(rig, Picture(40));

        await rig.Bucket.DeleteAllAsync(AssetLayout.Findings(first.Asset, first.Version), Token);

        Assert.NotNull(await rig.Bucket.FindAsync(second.Image!.Thumbnail.Path, Token));
        Assert.StartsWith(AssetLayout.Findings(second.Asset, second.Version), second.Image.Thumbnail.Path, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(second.Embeddings.Select(file => ReadAsync(rig, file))), vectors =>
            Assert.Equal(second.Version, vectors.Version)
        );
        Assert.Null((await IngestAsync(rig, Picture(41))).ReusedFrom);
    }

    [Fact]
    public async Task Ingest_WhenTheEarlierAnalysisIsGone_RunsTheModels()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        AnalysisDocument first = await IngestAsync(rig, Picture(40));
        await rig.Bucket.DeleteAsync(first.Image!.Thumbnail.Path, Token);

        AnalysisDocument second = await IngestAsync(rig, Picture(40));

        Assert.Null(second.ReusedFrom);
        Assert.True(second.Timings.InferenceMilliseconds > 0);
    }

    [Fact]
    public async Task Analyse_TheSameFilmAgain_CopiesItsKeyframesAndCaptions()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        byte[] bytes = await File.ReadAllBytesAsync(films.Cuts, Token);
        AnalysisDocument first = await AnalyseFilmAsync(rig, bytes);

        AnalysisDocument second = await AnalyseFilmAsync(rig, bytes);

        Assert.Equal((first.Version, 0), (second.ReusedFrom, second.Timings.InferenceMilliseconds));
        Assert.NotEmpty(first.Spent!);
        Assert.Null(second.Spent);
        Assert.Null((await rig.Get<Ledger>().ReadAsync("azure", second.Asset, Token))!.Find(second.Version)!.Spent);
        Assert.Equal(first.Video!.Shots.Select(shot => shot.StartSeconds), second.Video!.Shots.Select(shot => shot.StartSeconds));
        foreach (ArtifactFile file in second.Video.Shots.Select(shot => shot.Keyframe.Image).Append(second.Video.Captions))
        {
            Assert.StartsWith(AssetLayout.Findings(second.Asset, second.Version), file.Path, StringComparison.Ordinal);
            Assert.Equal(file.Bytes, (await rig.Bucket.FindAsync(file.Path, Token))!.Length);
        }
    }

    /// <summary>In S3 the same bytes are the same version: first A, then B, then A is to be found.</summary>
    [Fact]
    public async Task Ingest_AVersionThatComesBack_IsTheNewestAgain()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AnalysisDocument first = await IngestAsync(rig, Encoding.UTF8.GetBytes(_text));
        await rig.Get<AssetIndex>().AddAsync(first.Source, Token);
        AnalysisDocument between = await IngestAsync(rig, "Another text."u8.ToArray());
        await rig.Get<AssetIndex>().AddAsync(between.Source, Token);

        AnalysisDocument again = await IngestAsync(rig, Encoding.UTF8.GetBytes(_text));
        await rig.Get<AssetIndex>().AddAsync(again.Source, Token);

        Assert.Equal((first.Version, first.Analysed), (again.Version, again.Analysed));
        Assert.True(rig.Get<AssetIndex>().Knows(first.Asset, first.Version));
        Assert.Equal(new IngestSummary("s3", Expected: 1, Processed: 1), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    [Theory]
    [InlineData(MediaKind.Text)]
    [InlineData(MediaKind.Image)]
    public async Task Ingest_TheSameBytesAtAnotherPath_RunsNoModel_AndStandsAlone(MediaKind kind)
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        byte[] bytes = kind == MediaKind.Text ? Encoding.UTF8.GetBytes(_text) : Picture(40);
        AnalysisDocument first = await IngestAsync(rig, bytes, "first");

        AnalysisDocument second = await IngestAsync(rig, bytes, "second");
        AnalysisDocument third = await IngestAsync(rig, bytes, "third");
        await rig.Bucket.DeleteAsync(rig.Get<AssetStores>().PathOf(first.Source), Token);
        await rig.Get<AssetErasure>().ForgetAsync(first.Source.Store, first.Source.Container, first.Source.Key, Token);

        Assert.Equal((0, 0), (second.Timings.InferenceMilliseconds, second.Timings.DecodeMilliseconds));
        Assert.Equal((first.Asset, first.Version), (second.ReusedFromAsset, second.ReusedFrom));
        Assert.Equal((first.Asset, first.Version), (third.ReusedFromAsset, third.ReusedFrom));
        Assert.Equal(second.Source.AssetId, second.Asset);
        Assert.All(await Task.WhenAll(second.Embeddings.Select(file => ReadAsync(rig, file))), vectors =>
            Assert.Equal((second.Asset, second.Version), (vectors.Asset, vectors.Version))
        );
        foreach (ArtifactFile file in new[] { second.Text?.PassageTexts, second.Image?.Thumbnail }.OfType<ArtifactFile>())
        {
            Assert.StartsWith(AssetLayout.Findings(second.Asset, second.Version), file.Path, StringComparison.Ordinal);
            Assert.Equal(file.Bytes, (await rig.Bucket.FindAsync(file.Path, Token))!.Length);
        }
        Assert.DoesNotContain(await rig.Get<ContentIndex>().FindAsync("s3", first.Sha256, Token), known => known.AssetId == first.Asset);
        Assert.NotNull((await IngestAsync(rig, bytes, "fourth")).ReusedFromAsset);
    }

    [Fact]
    public async Task Ingest_TheSameBytesInAnotherStore_RunsNoModel()
    {
        await using AssetRig rig = await AssetRig.OpenBothAsync(servers);
        byte[] bytes = Encoding.UTF8.GetBytes(_text);
        AssetStores stores = rig.Get<AssetStores>();
        AnalysisDocument first = await IngestAsync(rig, stores["s3"], bytes, _name);

        AnalysisDocument second = await IngestAsync(rig, stores["azure"], bytes, _name);

        Assert.Equal((first.Asset, "azure", 0), (second.ReusedFromAsset, second.Source.Store, second.Timings.InferenceMilliseconds));
        Assert.NotNull(await stores["azure"].FindAsync(second.Text!.PassageTexts!.Path, Token));
    }

    [Fact]
    public async Task Ingest_OfEqualBytesAtOnce_LosesNone()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        byte[] bytes = Encoding.UTF8.GetBytes(_text);

        AnalysisDocument[] documents = await Task.WhenAll(
            Enumerable.Range(0, ContentIndex.RememberedSources + 4).Select(i => IngestAsync(rig, bytes, $"{i}"))
        );

        Assert.Equal(documents.Length, documents.Select(document => document.Asset).Distinct().Count());
        Assert.Equal(
            new IngestSummary("s3", Expected: documents.Length, Processed: documents.Length),
            await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token)
        );
        Assert.InRange(
            (await rig.Get<ContentIndex>().FindAsync("s3", documents[0].Sha256, Token)).Count,
            1,
            ContentIndex.RememberedSources
        );
    }

    private Task<AnalysisDocument> IngestAsync(AssetRig rig, byte[] bytes) => IngestAsync(rig, bytes, _name);

    private static Task<AnalysisDocument> IngestAsync(AssetRig rig, byte[] bytes, string name) => IngestAsync(rig, rig.Bucket, bytes, name);

    private static async Task<AnalysisDocument> IngestAsync(AssetRig rig, IObjectStore store, byte[] bytes, string name)
    {
        AssetSource source = await store.UploadAsync(name, bytes);
        Assert.Equal(AssetState.Processed, (await rig.Get<DirectIngest>().IngestAsync(source, 1, Token)).State);
        return (await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Token))!;
    }

    /// <summary>Bytes after its end make it one that no other test has.</summary>
    private byte[] Picture(int width) => [.. TestImages.Gif(width, 30, 1), .. Encoding.UTF8.GetBytes(_name)];

    private async Task<AnalysisDocument> AnalyseFilmAsync(AssetRig rig, byte[] bytes)
    {
        AssetSource source = await rig.Bucket.UploadAsync(_name, bytes);
        AnalysisRequest request = (await rig.Get<AssetAdmission>().AdmitAsync(source, 1, Token)).Request!;
        JobClaim claim = new(source.InstanceId(), 1);
        AnalysisOutcome outcome = await rig.Get<VideoAnalyzer>().AnalyseAsync(request, claim, TimeSpan.Zero, Token);
        await rig.Get<AssetSettlement>().SettleAsync(source, outcome, 1, Token);
        return (await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Token))!;
    }

    private static Task<Serverless.Vectors.AssetVectors> ReadAsync(AssetRig rig, EmbeddingFile file) =>
        AnalysisWriter.ReadVectorsAsync(rig.Bucket, file.Path, new VectorSpace(file.Space, file.Dimensions), Token);
}
