using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Inference;

/// <summary>Models of a few hundred bytes that loop, whatever their input.</summary>
internal static class LoopModel
{
    private const long Float = 1,
        Int64 = 7,
        Text = 8,
        Bool = 9;

    /// <summary>2^62 times.</summary>
    public static TemporaryPackage Endless(string name) => Make(name, 1L << 62, Float, Node("Abs", ["before"], "after"), "x", []);

    /// <summary>Each time a text of 16 characters becomes twice as long.</summary>
    /// <param name="times">Null where the caller says it, by the input "trips".</param>
    public static TemporaryPackage DoublingText(string name, int? times)
    {
        byte[] text = Field(5, [.. Field(1, 1L), .. Field(2, Text), .. Field(6, "0123456789abcdef"), .. Field(8, "text")]);
        return Make(name, times, Text, Node("StringConcat", ["before", "before"], "after"), "text", text);
    }

    private static TemporaryPackage Make(string name, long? times, long element, byte[] step, string first, byte[] more)
    {
        var package = new TemporaryPackage(name);
        byte[] body =
        [
            .. Node("Identity", ["going"], "go_on"),
            .. step,
            .. Field(2, "turn"),
            .. Field(11, Value("turn", Int64)),
            .. Field(11, Value("going", Bool)),
            .. Field(11, Value("before", element, 1)),
            .. Field(12, Value("go_on", Bool)),
            .. Field(12, Value("after", element, 1)),
        ];
        byte[] graph =
        [
            .. Node("Loop", ["trips", "", first], "y", Field(5, [.. Field(1, "body"), .. Field(6, body), .. Field(20, 5)])),
            .. Field(2, "loop"),
            .. times is { } set ? Field(5, Tensor("trips", Int64, [], BitConverter.GetBytes(set))) : [],
            .. more,
            .. times is null ? Field(11, Value("trips", Int64, 1)) : Field(11, Value("x", Float, 1)),
            .. Field(12, Value("y", element, 1)),
        ];
        File.WriteAllBytes(
            package.PathOf("model.onnx"),
            [.. Field(1, 9), .. Field(7, graph), .. Field(8, [.. Field(1, ""), .. Field(2, 20)])]
        );
        return package;
    }
}
