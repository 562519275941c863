using System.Buffers.Binary;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Inference;

/// <summary>A reranker whose raw output is the sum of its words' numbers, so large that sigmoids of float32 are alike.</summary>
internal static class SaturatedReranker
{
    private static readonly (string Token, float Number)[] Words =
    [
        ("[PAD]", 0),
        ("[UNK]", 0),
        ("[CLS]", 0),
        ("[SEP]", 0),
        ("[MASK]", 0),
        ("storm", 0),
        ("low", 2),
        ("mid", 18),
        ("high", 21),
        ("top", 25),
    ];

    public static TemporaryPackage Make(string name, string settings = "")
    {
        var package = new TemporaryPackage(name);
        File.WriteAllLines(package.PathOf("vocab.txt"), Words.Select(w => w.Token));
        File.WriteAllText(
            package.PathOf("config.json"),
            $$"""{ "architectures": ["BertForSequenceClassification"], "model_type": "bert", "id2label": { "0": "LABEL_0" }{{settings}} }"""
        );
        File.WriteAllBytes(package.PathOf("model.onnx"), Graph());
        return package;
    }

    private static byte[] Graph()
    {
        byte[] table = new byte[4 * Words.Length];
        for (int i = 0; i < Words.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(table.AsSpan(4 * i), Words[i].Number);
        }
        byte[] doNotKeep = Field(5, [.. Field(1, "keepdims"), .. Field(3, 0), .. Field(20, 2)]);
        return
        [
            .. Field(1, 8),
            .. Field(
                7,
                [
                    .. Node("Gather", ["table", "input_ids"], "numbers"),
                    .. Node("ReduceSum", ["numbers", "axes"], "logits", doNotKeep),
                    .. Field(2, "sums"),
                    .. Field(5, Tensor("table", 1, [Words.Length, 1], table)),
                    .. Longs("axes", 1),
                    .. Field(11, DynamicValue("input_ids", 7, "batch", "length")),
                    .. Field(12, DynamicValue("logits", 1, "batch", "one")),
                ]
            ),
            .. Field(8, [.. Field(1, ""), .. Field(2, 17)]),
        ];
    }
}
