using Serverless.Inference;
using Serverless.Local.Stack.Models.Fetched;
using Serverless.Media.Images;
using Serverless.Packages;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Samples;

/// <summary>The public models that set-up fetches: they answer as published, or as computed elsewhere. Absent ones skip.</summary>
public sealed class FetchedModelTests
{
    private static readonly Lazy<TextEmbedder> MiniLm = new(() => new TextEmbedder(TestModels.Runtime, Load("all-minilm-l6-v2")));
    private static readonly Lazy<ImageEmbedder> ResNet = new(() => new ImageEmbedder(TestModels.Runtime, Load("resnet18")));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. FetchedModel.All.Select(model => model.Name)];

    [Theory, MemberData(nameof(Names))]
    public void SmallFiles_LieInTheTree_WithACardThatNamesTheLicences(string name)
    {
        string card = File.ReadAllText(TestModels.Data($"../../samples/fetched/{name}/README.md"));

        Assert.Contains("## Licences", card, StringComparison.Ordinal);
        Assert.Contains(FetchedModel.All.Single(model => model.Name == name).Source.Id, card, StringComparison.Ordinal);
        Assert.True(File.Exists(TestModels.Data($"../../samples/fetched/{name}/config.json")));
    }

    /// <summary>The similarities that sentence-transformers' documentation and the model's page print for these sentences.</summary>
    [Theory]
    [InlineData("The weather is lovely today.", "It's so sunny outside!", 0.6660f)]
    [InlineData("The weather is lovely today.", "He drove to the stadium.", 0.1046f)]
    [InlineData("It's so sunny outside!", "He drove to the stadium.", 0.1411f)]
    [InlineData("That is a happy person", "That is a very happy person", 0.9429f)]
    [InlineData("That is a happy person", "Today is a sunny day", 0.2569f)]
    public void MiniLm_PublishedSentences_AreAsAlikeAsPublished(string one, string other, float similarity)
    {
        TextEmbedder embedder = OrSkip("all-minilm-l6-v2", MiniLm);

        float[][] vectors = embedder.Embed([one, other], Ct);

        Assert.Equal((384, 256), (embedder.Dimensions, embedder.MaxTokens));
        Assert.Equal(1, Dot(vectors[0], vectors[0]), 1e-4f);
        Assert.Equal(similarity, Dot(vectors[0], vectors[1]), 2e-4f);
    }

    /// <summary>The six largest of 512 values, computed with PyTorch 1.13 from the graph's weights, operator by operator.</summary>
    [Fact]
    public void ResNet_MadePicture_HasTheFeaturesComputedElsewhere()
    {
        (int At, float Value)[] expected =
        [
            (282, 0.249857f),
            (76, 0.224052f),
            (279, 0.222075f),
            (119, 0.211617f),
            (425, 0.208001f),
            (232, 0.185977f),
        ];
        ImageEmbedder embedder = OrSkip("resnet18", ResNet);

        float[] vector = embedder.Embed([TestModels.Picture(224, 224)], Ct)[0];

        Assert.Equal(512, embedder.Dimensions);
        Assert.All(expected, e => Assert.Equal(e.Value, vector[e.At], 1e-4f));
    }

    /// <summary>Also by PyTorch, and Pillow for decoding and resizing, which rounds otherwise than libvips.</summary>
    [Theory]
    [InlineData("sunset-over-the-bay.jpg", "sailing-boat-thumb.jpg", 0.648f)]
    [InlineData("meadow-flower.jpg", "sunset-over-the-bay.jpg", 0.330f)]
    public void ResNet_SamplePictures_AreAsAlikeAsComputedElsewhere(string one, string other, float similarity)
    {
        ImageEmbedder embedder = OrSkip("resnet18", ResNet);

        float[][] vectors = embedder.Embed([Decode(SampleMedia.FileOf(one)), Decode(SampleMedia.FileOf(other))], Ct);

        Assert.Equal(similarity, Dot(vectors[0], vectors[1]), 0.02f);
    }

    /// <summary>How often the sentence that lies nearest to a held-out one is of its topic; by chance it would be one in fifteen.</summary>
    [Fact]
    public void MiniLm_HeldOutSentences_LieNearTheirTopic_AndNearerThanByTheSample()
    {
        TextEmbedder embedder = OrSkip("all-minilm-l6-v2", MiniLm);
        using TextEmbedder sample = new(TestModels.Runtime, SampleModel("text-embedding"), Ct);
        (string Text, string Topic)[] sentences = HeldOutNews.Read();
        string[] texts = [.. sentences.Select(s => s.Text)];
        string[] topics = [.. sentences.Select(s => s.Topic)];

        double found = NearestAgree(embedder.Embed(texts, Ct), topics);
        double bySample = NearestAgree(sample.Embed(texts, Ct), topics);

        TestContext.Current.TestOutputHelper?.WriteLine($"all-minilm-l6-v2 {found:P1}, text-embedding {bySample:P1}");
        Assert.InRange(found, 0.7, 1);
        Assert.InRange(bySample, 0, found);
    }

    /// <summary>The same of pictures and their subjects, two of each; the baseline is a picture's mean colour.</summary>
    [Fact]
    public void ResNet_GoldenPictures_LieNearTheirSubject()
    {
        ImageEmbedder embedder = OrSkip("resnet18", ResNet);
        using ImageEmbedder sample = new(TestModels.Runtime, SampleModel("image-embedding"), Ct);
        string[] files = [.. Directory.GetFiles(TestModels.Data("../../samples/golden/pictures")).Where(IsOfASubject).Order()];
        string[] subjects = [.. files.Select(file => Path.GetFileNameWithoutExtension(file)[..^2])];
        RgbImage[] pictures = [.. files.Select(Decode)];

        double found = NearestAgree(embedder.Embed(pictures, Ct), subjects);
        double bySample = NearestAgree(sample.Embed(pictures, Ct), subjects);
        double byColour = NearestAgree([.. pictures.Select(MeanColour)], subjects);

        TestContext.Current.TestOutputHelper?.WriteLine($"resnet18 {found:P1}, image-embedding {bySample:P1}, colour {byColour:P1}");
        Assert.InRange(found, 0.5, 1);
        Assert.InRange(byColour, 0, found);
    }

    private static bool IsOfASubject(string file) => !Path.GetFileName(file).StartsWith("things-", StringComparison.Ordinal);

    private static float[] MeanColour(RgbImage picture)
    {
        float[] colour = new float[3];
        for (int i = 0; i < picture.Rgb.Length; i++)
        {
            colour[i % 3] += picture.Rgb.Span[i];
        }
        float length = MathF.Sqrt(Dot(colour, colour));
        return [.. colour.Select(c => c / length)];
    }

    private static double NearestAgree(float[][] vectors, string[] labels) =>
        Enumerable
            .Range(0, labels.Length)
            .Average(i =>
            {
                int nearest = Enumerable.Range(0, labels.Length).Where(k => k != i).MaxBy(k => Dot(vectors[i], vectors[k]));
                return labels[nearest] == labels[i] ? 1.0 : 0;
            });

    private static ModelPackage SampleModel(string name) =>
        ModelPackage.Load(TestModels.Data($"../../samples/models/{name}/1"), ModelLimits.Default);

    private static T OrSkip<T>(string name, Lazy<T> embedder)
    {
        Assert.SkipUnless(Of(name).IsPresent, $"{name} is not in {ModelCache.Root}; make models fetches it");
        return embedder.Value;
    }

    private static ModelPackage Load(string name) => ModelPackage.Load(Of(name).Folder, ModelLimits.Default);

    private static FetchedModel Of(string name) => FetchedModel.All.Single(model => model.Name == name);

    private static RgbImage Decode(string file)
    {
        using DecodedImage image = new ImageReader(new ImageOptions()).Decode(File.ReadAllBytes(file), 512);
        return new RgbImage(image.Rgb.ToArray(), image.Width, image.Height);
    }

    private static float Dot(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
