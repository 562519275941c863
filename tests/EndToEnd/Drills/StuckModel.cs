using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.EndToEnd.Drills;

/// <summary>
/// The sample model for entities with another graph: it finds none, and never ends with a text that has a certain word. So its trial goes
/// well.
/// </summary>
internal static class StuckModel
{
    public const string Word = "storm";

    private const long Float = 1,
        Int64 = 7,
        Bool = 9;

    private const long AsInt = 2,
        AsGraph = 5; // AttributeProto.AttributeType

    public static string Make(string folder)
    {
        string sample = SampleModels.Folders["entities"];
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        FolderCopy.Make(sample, folder);
        string[] vocabulary = File.ReadAllLines(Path.Combine(sample, "vocab.txt"));
        File.WriteAllBytes(Path.Combine(folder, "onnx", "model.onnx"), Model(Array.IndexOf(vocabulary, Word), labels: 9));
        return folder;
    }

    private static byte[] Model(long word, int labels)
    {
        byte[] weights = new byte[4 * labels];
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
            .. Node("Equal", ["input_ids", "word"], "is_word"),
            .. Node("Cast", ["is_word"], "ones", Number("to", Int64)),
            .. Node("ReduceMax", ["ones"], "has_word", Number("keepdims", 0)),
            .. Node("Mul", ["has_word", "many"], "trips"),
            .. Node("Loop", ["trips", "", "zero"], "nothing", Field(5, [.. Field(1, "body"), .. Field(6, body), .. Field(20, AsGraph)])),
            .. Node("Cast", ["input_ids"], "numbers", Number("to", Float)),
            .. Node("Unsqueeze", ["numbers", "last"], "column"),
            .. Node("MatMul", ["column", "weights"], "flat"),
            .. Node("Add", ["flat", "nothing"], "logits"),
            .. Field(2, "stuck"),
            .. Longs("word", word),
            .. Longs("last", 2),
            .. Field(5, Tensor("many", Int64, [], BitConverter.GetBytes(1L << 62))),
            .. Field(5, Tensor("zero", Float, [1], new byte[4])),
            .. Field(5, Tensor("weights", Float, [1, labels], weights)),
            .. Field(11, DynamicValue("input_ids", Int64, "batch", "tokens")),
            .. Field(11, DynamicValue("attention_mask", Int64, "batch", "tokens")),
            .. Field(12, LogitsOf(labels)),
        ];
        return [.. Field(1, 8), .. Field(7, graph), .. Field(8, [.. Field(1, ""), .. Field(2, 17)])];
    }

    private static byte[] Number(string name, long value) => Field(5, [.. Field(1, name), .. Field(3, value), .. Field(20, AsInt)]);

    private static byte[] LogitsOf(int labels) =>
        [
            .. Field(1, "logits"),
            .. Field(
                2,
                Field(
                    1,
                    [
                        .. Field(1, Float),
                        .. Field(2, [.. Field(1, Field(2, "batch")), .. Field(1, Field(2, "tokens")), .. Field(1, Field(1, (long)labels))]),
                    ]
                )
            ),
        ];
}
