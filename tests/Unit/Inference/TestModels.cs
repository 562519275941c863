using System.Text.Json;
using Serverless.Inference;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference;

/// <summary>The packages of tests/Data/models, and what its make.py recorded of them.</summary>
internal static class TestModels
{
    private static readonly Lazy<Dictionary<string, float[][]>> Recorded = new(() =>
        JsonSerializer.Deserialize<Dictionary<string, float[][]>>(File.ReadAllBytes(Data("models/expected.json")))!
    );

    public static InferenceRuntime Runtime { get; } = new(new RuntimeOptions { Threads = 2 });

    public static string Data(string path) => SourceTree.PathOf($"tests/Data/{path}");

    public static string Folder(string name) => Data($"models/{name}/1");

    public static ModelPackage Load(string name) => ModelPackage.Load(Folder(name), ModelLimits.Default);

    public static float[][] Expected(string name) => Recorded.Value[name];

    /// <summary>The formula of make.py.</summary>
    public static RgbImage Picture(int width, int height)
    {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    rgb[(3 * ((y * width) + x)) + c] = (byte)((x * 5) + (y * 3) + (c * 60) + (x * y / 7));
                }
            }
        }
        return new RgbImage(rgb, width, height);
    }

    public static RgbImage[] Pictures { get; } = [Picture(40, 30), Picture(30, 47), Picture(12, 12), Picture(9, 20)];

    public static void AssertClose(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual, float tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Length, actual[i].Length);
            (float worst, int at) = expected[i]
                .Zip(actual[i], (e, a) => MathF.Abs(e - a))
                .Select((d, k) => (float.IsNaN(d) ? float.MaxValue : d, k))
                .Max();
            if (worst > tolerance)
            {
                Assert.Fail(
                    $"row {i}, element {at} is off by {worst}\nexpected {string.Join(' ', expected[i])}\nactual   "
                        + $"{string.Join(' ', actual[i])}"
                );
            }
        }
    }
}
