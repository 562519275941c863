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
    private const string Text = "The harbour of Port Alder was closed. Maria Lopez said so on Friday.";

    private readonly string _name = $"reuse-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MediaKind.Text)]
    [InlineData(MediaKind.Image)]
    public async Task Ingest_TheSameBytesAgain_RunsNoModel(MediaKind kind)
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        byte[] bytes = kind == MediaKind.Text ? System.Text.Encoding.UTF8.GetBytes(Text) : TestImages.Gif(40, 30, 1);
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
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(Text);
        await IngestAsync(rig, bytes);

        AnalysisDocument changed = await IngestAsync(
            rig,
            System.Text.Encoding.UTF8.GetBytes(Text.Replace("Lopez", "Gomez", StringComparison.Ordinal))
        );
        AnalysisDocument configured = await IngestAsync(other, bytes);

        Assert.All([changed, configured], document => Assert.Null(document.ReusedFrom));
        Assert.All([changed, configured], document => Assert.True(document.Timings.InferenceMilliseconds > 0));
    }

    [Fact]
    public async Task Ingest_TheSameTextAgain_HasPassagesOfItsOwn()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(Text);
        AnalysisDocument first = await IngestAsync(rig, bytes);
        AnalysisDocument second = await IngestAsync(rig, bytes);

        await rig.Bucket.DeleteAllAsync(AssetLayout.Findings(first.Asset, first.Version), Token);

        ArtifactFile file = second.Text!.PassageTexts!;
        await using Stream packed = await rig.Bucket.OpenAsync(file.Path, version: null, 0, Token);
        IReadOnlyList<PassageText> passages = await PassageTexts.UnpackAsync(packed, 1_000, Token);
        Assert.StartsWith(AssetLayout.Findings(second.Asset, second.Version), file.Path, StringComparison.Ordinal);
        Assert.Equal(second.Text.Passages.Select(passage => Place.OfText(passage.Start, passage.End)), passages.Select(p => p.Place));
        Assert.Equal(Text, string.Join(' ', passages.Select(passage => passage.Text)));
        Assert.Equal("en", second.Text.Language);
    }

    [Fact]
    public async Task Ingest_TheSameBytesAgain_StandsWithoutTheEarlierVersion()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        AnalysisDocument first = await IngestAsync(rig, TestImages.Gif(40, 30, 1));
        AnalysisDocument second = await IngestAsync(rig, TestImages.Gif(40, 30, 1));

        await rig.Bucket.DeleteAllAsync(AssetLayout.Findings(first.Asset, first.Version), Token);

        Assert.NotNull(await rig.Bucket.FindAsync(second.Image!.Thumbnail.Path, Token));
        Assert.StartsWith(AssetLayout.Findings(second.Asset, second.Version), second.Image.Thumbnail.Path, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(second.Embeddings.Select(file => ReadAsync(rig, file))), vectors =>
            Assert.Equal(second.Version, vectors.Version)
        );
        Assert.Null((await IngestAsync(rig, TestImages.Gif(41, 30, 1))).ReusedFrom);
    }

    [Fact]
    public async Task Ingest_WhenTheEarlierAnalysisIsGone_RunsTheModels()
    {
        await using AssetRig rig = await AssetRig.OpenAzureAsync(servers);
        AnalysisDocument first = await IngestAsync(rig, TestImages.Gif(40, 30, 1));
        await rig.Bucket.DeleteAsync(first.Image!.Thumbnail.Path, Token);

        AnalysisDocument second = await IngestAsync(rig, TestImages.Gif(40, 30, 1));

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
        AnalysisDocument first = await IngestAsync(rig, System.Text.Encoding.UTF8.GetBytes(Text));
        await rig.Get<AssetIndex>().AddAsync(first.Source, Token);
        AnalysisDocument between = await IngestAsync(rig, "Another text."u8.ToArray());
        await rig.Get<AssetIndex>().AddAsync(between.Source, Token);

        AnalysisDocument again = await IngestAsync(rig, System.Text.Encoding.UTF8.GetBytes(Text));
        await rig.Get<AssetIndex>().AddAsync(again.Source, Token);

        Assert.Equal((first.Version, first.Analysed), (again.Version, again.Analysed));
        Assert.True(rig.Get<AssetIndex>().Knows(first.Asset, first.Version));
        Assert.Equal(new IngestSummary("s3", Expected: 1, Processed: 1), await rig.Get<LedgerViews>()["s3"].SummarizeAsync(Token));
    }

    private async Task<AnalysisDocument> IngestAsync(AssetRig rig, byte[] bytes)
    {
        AssetSource source = await rig.Bucket.UploadAsync(_name, bytes);
        Assert.Equal(AssetState.Processed, await rig.Get<DirectIngest>().IngestAsync(source, 1, Token));
        return (await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Token))!;
    }

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
