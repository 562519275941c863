using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class ObjectDetectorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Letterbox, grids, strides, suppression and the way back, against make.py's one number at a time.</summary>
    [Fact]
    public void Detect_Matches_TheScalarReference_OnTheRecordedPictures()
    {
        using var detector = new ObjectDetector(TestModels.Runtime, TestModels.Load("boxes"));

        IReadOnlyList<IReadOnlyList<DetectedObject>> found = detector.Detect(TestModels.Pictures, null, Ct);

        TestModels.AssertClose(TestModels.Expected("boxes"), [.. found.Select(objects => objects.SelectMany(Numbers).ToArray())], 1e-2f);

        float[] Numbers(DetectedObject o) => [detector.Labels.ToList().IndexOf(o.Label), o.Score, o.X, o.Y, o.Width, o.Height];
    }

    [Fact]
    public void Choice_ChangesWhatIsKept()
    {
        using var detector = new ObjectDetector(TestModels.Runtime, TestModels.Load("boxes"));
        IReadOnlyList<DetectedObject> Detect(DetectionChoice? choice) => detector.Detect([TestModels.Pictures[3]], choice, Ct)[0];

        IReadOnlyList<DetectedObject> custom = Detect(null);

        Assert.Equal(custom.Where(o => o.Score >= 0.3f), Detect(new DetectionChoice(ScoreThreshold: 0.3f)));
        Assert.Equal(custom.Take(2), Detect(new DetectionChoice(MaxDetections: 2)));
        Assert.True(Detect(new DetectionChoice(OverlapThreshold: 0)).Count < Detect(new DetectionChoice(OverlapThreshold: 1)).Count);
    }

    [Theory]
    [InlineData("\"strides\": [\n  4,\n  6\n ]", "\"strides\": [5]", "expected 1 to 8 divisors of both sides of 12×12")]
    [InlineData("\"strides\": [\n  4,\n  6\n ]", "\"strides\": [4]", "expected [9,7]: a row for each cell of grids of 4 pixels in 12×12")]
    [InlineData("0.3", "1.3", "\"nms_threshold\": 1.3; expected 0 to 1")]
    public void Rejects_HeadsThatDoNotFit(string old, string now, string message)
    {
        using var package = new TemporaryPackage("faulty", copyOf: "boxes");
        string config = File.ReadAllText(package.PathOf("config.json"));
        Assert.Contains(old, config, StringComparison.Ordinal);
        File.WriteAllText(package.PathOf("config.json"), config.Replace(old, now, StringComparison.Ordinal));

        var error = Assert.Throws<ModelRejectedException>(() =>
            new ObjectDetector(TestModels.Runtime, ModelPackage.Load(package.Folder, ModelLimits.Default))
        );

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
