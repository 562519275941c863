using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Local.Stack.Models;
using Serverless.Media.Images;
using Serverless.Packages;
using Serverless.Unit.Inference.Serving;
using Serverless.Unit.Samples;
using Serverless.Validation.Golden;
using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Inference;

/// <summary>A package of two graphs, one for texts and one for images, asked by each; the sample is such a package.</summary>
public sealed class TextImageEmbedderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Folder => TestModels.Data("../../samples/models/text-image/1");

    [Fact]
    public void Package_OfTwoGraphs_IsForTextsAndImages_AndSaysWhichAnswersRawTensors()
    {
        ModelPackage package = Load(Folder);

        Assert.Equal(ModelTask.TextImageEmbedding, package.Task);
        Assert.Contains("Raw tensors are answered by onnx/text_model.onnx alone.", package.Notes);
        Assert.InRange(package.WeightBytes, new FileInfo(Path.Combine(Folder, "onnx/vision_model.onnx")).Length, 8_000_000);
    }

    [Theory]
    [InlineData("running shoe", "running-shoe-cutout.png"), InlineData("a sailing boat", "sailing-boat-thumb.jpg")]
    [InlineData("stars in the night sky", "milky-way-12mp.jpg"), InlineData("leather handbag", "leather-bag.webp")]
    [InlineData("path through the woods", "forest-path.tiff"), InlineData("flor", "meadow-flower.jpg")]
    public void Embed_Text_LiesNearestToThePictureThatShowsIt(string text, string file)
    {
        using TextImageEmbedder both = new(TestModels.Runtime, Load(Folder), Ct);
        string[] files = [.. SampleMedia.Assets.Where(asset => asset.Kind == "image").Select(asset => asset.File)];

        float[][] pictures = both.Images.Embed([.. files.Select(Decode)], Ct);
        float[] asked = both.Texts.Embed([text], Ct)[0];

        Assert.Equal(file, files[Enumerable.Range(0, files.Length).MaxBy(i => Dot(asked, pictures[i]))]);
    }

    [Fact]
    public void Embedders_OfOneHalf_AgreeWithBoth()
    {
        using TextImageEmbedder both = new(TestModels.Runtime, Load(Folder), Ct);
        using TextEmbedder texts = new(TestModels.Runtime, Load(Folder), Ct);
        using ImageEmbedder images = new(TestModels.Runtime, Load(Folder), Ct);

        Assert.Equal(both.Texts.Embed(["a boat"], Ct)[0], texts.Embed(["a boat"], Ct)[0]);
        Assert.Equal(both.Images.Embed(TestModels.Pictures[..1], Ct)[0], images.Embed(TestModels.Pictures[..1], Ct)[0]);
        Assert.Equal(texts.Dimensions, images.Dimensions);
    }

    [Fact]
    public async Task Server_AnswersTextsAndImages()
    {
        await using ModelServer server = TestServers.Start(fetch: (_, _) => Task.FromResult(Folder));
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("text-image"), Ct);

        ServedAnswer<float[][]> text = await lease.Model.EmbedAsync(["a boat"], default, Ct);
        ServedAnswer<float[][]> image = await lease.Model.EmbedAsync(TestModels.Pictures, default, Ct);

        Assert.Equal((1, TestModels.Pictures.Length), (text.Value.Length, image.Value.Length));
        Assert.All(text.Value.Concat(image.Value), vector => Assert.Equal(1, Dot(vector, vector), 1e-3f));
    }

    [Fact]
    public void Trial_RanksPicturesForAText()
    {
        using var model = TrialModel.Open(Load(Folder), TestModels.Runtime);
        var item = new GoldenItem
        {
            Id = "1",
            Text = "a sailing boat",
            Documents = ["", ""],
            Relevance = [1, 0],
        };

        ItemAnswer answer = Assert.Single(
            model.Answer([new TrialItem(item, Documents: [Decode("sailing-boat-thumb.jpg"), Decode("quarterly-chart.gif")])])
        );

        Assert.True(answer.Scores![0] > answer.Scores[1], string.Join(" > ", answer.Scores));
    }

    [Fact]
    public void Open_GraphsOfTwoSpaces_IsRejected()
    {
        using TemporaryPackage package = new("torn");
        FolderCopy.Make(Folder, package.Folder);
        File.Copy(TestModels.Data("../../samples/models/image-labels/1/onnx/model.onnx"), package.PathOf("onnx/vision_model.onnx"), true);

        ModelRejectedException e = Assert.Throws<ModelRejectedException>(() =>
            new TextImageEmbedder(TestModels.Runtime, Load(package.Folder), Ct)
        );

        Assert.Contains("vectors of 96 numbers; expected 16, as of the graph for images", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("onnx/vision_model.onnx"), InlineData("onnx/text_model.onnx")]
    public void Load_DamagedGraph_IsRejectedByItsName(string graph)
    {
        using TemporaryPackage package = new("damaged");
        FolderCopy.Make(Folder, package.Folder);
        byte[] bytes = File.ReadAllBytes(package.PathOf(graph));
        File.WriteAllBytes(package.PathOf(graph), bytes[..(bytes.Length / 2)]);

        ModelRejectedException e = Assert.Throws<ModelRejectedException>(() => Load(package.Folder));

        Assert.Contains(graph, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BothGraphsTogetherTooLarge_IsRejected()
    {
        long most = Load(Folder).WeightBytes - 1;

        ModelRejectedException e = Assert.Throws<ModelRejectedException>(() =>
            ModelPackage.Load(Folder, ModelLimits.Default with { MaxMemoryBytes = most })
        );

        Assert.Contains("in both", e.Message, StringComparison.Ordinal);
    }

    private static ModelPackage Load(string folder) => ModelPackage.Load(folder, ModelLimits.Default);

    private static RgbImage Decode(string file)
    {
        using DecodedImage image = new ImageReader(new ImageOptions()).Decode(File.ReadAllBytes(SampleMedia.FileOf(file)), 512);
        return new RgbImage(image.Rgb.ToArray(), image.Width, image.Height);
    }

    private static float Dot(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
