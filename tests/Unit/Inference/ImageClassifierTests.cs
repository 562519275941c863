using Serverless.Inference;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class ImageClassifierTests
{
    [Theory]
    [InlineData("labels")] // NCHW, dynamic batch, softmax, exact size, bilinear
    [InlineData("labels-nhwc-sigmoid")] // NHWC, batch fixed to 3, sigmoid, shortest edge and crop, bicubic
    [InlineData("labels-bgr")] // blue first, 0..255, lanczos
    public void Classify_Matches_PyTorch_On_DrawnPictures(string model)
    {
        var classifier = new ImageClassifier(TestModels.Runtime, TestModels.Load(model));

        IReadOnlyList<IReadOnlyList<LabelScore>> scores = classifier.Classify(
            TestModels.Pictures,
            5,
            TestContext.Current.CancellationToken
        );

        float[][] byLabel = [.. scores.Select(s => classifier.Labels.Select(l => s.Single(x => x.Label == l).Score).ToArray())];
        TestModels.AssertClose(TestModels.Expected(model), byLabel, 1e-5f);
    }

    [Fact]
    public void Classify_WithTop_ReturnsTheBestInOrder()
    {
        var classifier = new ImageClassifier(TestModels.Runtime, TestModels.Load("labels"));

        IReadOnlyList<LabelScore> best = classifier.Classify([TestModels.Pictures[0]], 2, TestContext.Current.CancellationToken)[0];

        float[] expected = [.. TestModels.Expected("labels")[0].OrderDescending().Take(2)];
        TestModels.AssertClose(
            [expected],
            [
                [.. best.Select(b => b.Score)],
            ],
            1e-5f
        );
    }

    [Fact]
    public void Classify_InManyBatches_KeepsTheOrder()
    {
        using var runtime = new InferenceRuntime(new RuntimeOptions { MaxBatchPixels = 2 * 12 * 12 });
        var classifier = new ImageClassifier(runtime, TestModels.Load("labels"));
        RgbImage[] images = [.. Enumerable.Range(0, 11).Select(i => TestModels.Pictures[i % 4])];

        IReadOnlyList<IReadOnlyList<LabelScore>> scores = classifier.Classify(images, 1, TestContext.Current.CancellationToken);

        Assert.Equal(
            Enumerable.Range(0, 11).Select(i => TestModels.Expected("labels")[i % 4].Max()),
            scores.Select(s => s[0].Score),
            (e, a) => MathF.Abs(e - a) < 1e-5f
        );
        Assert.Equal((1 + 6, 1 + 11), ((int)runtime.Usage[0].Batches, (int)runtime.Usage[0].Items)); // one of each was the trial
    }

    [Fact]
    public void Rejects_PixelsThatAreNotAll()
    {
        var classifier = new ImageClassifier(TestModels.Runtime, TestModels.Load("labels"));

        var error = Assert.Throws<ArgumentException>(() =>
            classifier.Classify([new RgbImage(new byte[10], 2, 2)], 1, TestContext.Current.CancellationToken)
        );

        Assert.Contains("2×2 has 10 bytes, not 12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classify_Cancelled_Stops()
    {
        var classifier = new ImageClassifier(TestModels.Runtime, TestModels.Load("labels"));

        Assert.Throws<OperationCanceledException>(() => classifier.Classify(TestModels.Pictures, 1, new CancellationToken(true)));
    }

    [Fact]
    public void Classify_Matches_PublishedOutputs_On_SqueezeNet()
    {
        string models = Path.Combine(TestModels.Data(""), "../../../shared/data/models/squeezenet_fp16");
        Assert.SkipUnless(Directory.Exists(models), "../shared/data/models/squeezenet_fp16 is not there");
        using var package = new TemporaryPackage("squeezenet");
        File.Copy(Path.Combine(models, "SqueezeNet_fp16.onnx"), package.PathOf("model.onnx"));
        Dictionary<string, string> labels = File.ReadLines(Path.Combine(models, "Labels.txt"))
            .Select(l => l.Split(',', 2))
            .ToDictionary(l => l[0], l => l[1]);
        package.WriteJson("config.json", new { function_to_apply = "none", id2label = labels });
        package.WriteJson(
            "preprocessor_config.json",
            new
            {
                do_resize = false,
                do_rescale = false,
                do_normalize = false,
                do_center_crop = true,
                crop_size = 224,
                do_flip_channel_order = true,
            }
        );
        byte[] planes =
        [
            .. File.ReadAllText(Path.Combine(models, "fish.csv"))
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(v => (byte)float.Parse(v)),
        ]; // blue, green, red
        byte[] rgb =
        [
            .. Enumerable.Range(0, 224 * 224).SelectMany(i => new[] { planes[(2 * 224 * 224) + i], planes[(224 * 224) + i], planes[i] }),
        ];
        var classifier = new ImageClassifier(TestModels.Runtime, ModelPackage.Load(package.Folder, ModelLimits.Default));

        IReadOnlyList<LabelScore> scores = classifier.Classify([new RgbImage(rgb, 224, 224)], 1000, TestContext.Current.CancellationToken)[
            0
        ];

        float[] expected =
        [
            .. File.ReadLines(Path.Combine(models, "expected/Squeezenet_fp16_fish_input_CPU.csv"))
                .Skip(1)
                .Select(l => float.Parse(l.Split(',')[1])),
        ];
        Assert.Equal("tench, Tinca tinca", scores[0].Label);
        Assert.Equal(expected[0], scores[0].Score, 2e-3);
        TestModels.AssertClose(
            [
                [.. expected.OrderDescending()],
            ],
            [
                [.. scores.Select(s => s.Score)],
            ],
            2e-3f
        );
    }
}
