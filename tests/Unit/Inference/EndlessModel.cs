using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Inference;

/// <summary>A model of a few hundred bytes that loops 2^62 times, whatever its input.</summary>
internal static class EndlessModel
{
    private const long Float = 1,
        Int64 = 7,
        Bool = 9;

    public static TemporaryPackage Make(string name)
    {
        var package = new TemporaryPackage(name);
        byte[] body =
        [
            .. Node("Identity", ["going"], "go_on"),
            .. Node("Abs", ["before"], "after"),
            .. Field(2, "turn"),
            .. Field(11, Value("turn", Int64)),
            .. Field(11, Value("going", Bool)),
            .. Field(11, Value("before", Float, 1)),
            .. Field(12, Value("go_on", Bool)),
            .. Field(12, Value("after", Float, 1)),
        ];
        byte[] graph =
        [
            .. Node("Loop", ["trips", "", "x"], "y", Field(5, [.. Field(1, "body"), .. Field(6, body), .. Field(20, 5)])),
            .. Field(2, "endless"),
            .. Field(5, Tensor("trips", Int64, [], BitConverter.GetBytes(1L << 62))),
            .. Field(11, Value("x", Float, 1)),
            .. Field(12, Value("y", Float, 1)),
        ];
        File.WriteAllBytes(
            package.PathOf("model.onnx"),
            [.. Field(1, 8), .. Field(7, graph), .. Field(8, [.. Field(1, ""), .. Field(2, 17)])]
        );
        return package;
    }
}
