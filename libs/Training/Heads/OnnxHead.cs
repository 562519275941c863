using System.Buffers.Binary;

namespace Serverless.Training.Heads;

/// <summary>
/// A head as an ONNX model: Gemm and Softmax, from "embedding" [rows, dimensions] to "probabilities" [rows, classes]. Field numbers are
/// those of onnx.proto3 (github.com/onnx/onnx).
/// </summary>
public static class OnnxHead
{
    public const string Input = "embedding";
    public const string Output = "probabilities";

    private const int Float = 1;
    private const int IrVersion = 8;
    private const int Opset = 13; // the first whose Softmax is over one axis

    public static byte[] Write(LinearHead head)
    {
        int classes = head.Classes.Count;
        ProtoWriter graph = new ProtoWriter()
            .Message(1, Node("Gemm", [Input, "weights", "biases"], "logits", ("transB", 1)))
            .Message(1, Node("Softmax", ["logits"], Output, ("axis", 1)))
            .Text(2, "head")
            .Message(5, Tensor("weights", [classes, head.Dimensions], head.Weights))
            .Message(5, Tensor("biases", [classes], head.Biases))
            .Message(11, Value(Input, head.Dimensions))
            .Message(12, Value(Output, classes));
        return new ProtoWriter()
            .Integer(1, IrVersion)
            .Text(2, "serverless-training")
            .Message(7, graph)
            .Message(8, new ProtoWriter().Text(1, "").Integer(2, Opset))
            .ToArray();
    }

    private static ProtoWriter Node(string type, string[] inputs, string output, (string Name, int Value) attribute)
    {
        const int Integers = 2;
        ProtoWriter node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }
        return node.Text(2, output)
            .Text(3, output)
            .Text(4, type)
            .Message(5, new ProtoWriter().Text(1, attribute.Name).Integer(3, attribute.Value).Integer(20, Integers));
    }

    private static ProtoWriter Tensor(string name, int[] shape, float[] values)
    {
        ProtoWriter tensor = new();
        foreach (int size in shape)
        {
            tensor.Integer(1, size);
        }
        byte[] raw = new byte[sizeof(float) * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(sizeof(float) * i), values[i]);
        }
        return tensor.Integer(2, Float).Text(8, name).Bytes(9, raw);
    }

    private static ProtoWriter Value(string name, int size)
    {
        ProtoWriter shape = new ProtoWriter().Message(1, new ProtoWriter().Text(2, "rows")).Message(1, new ProtoWriter().Integer(1, size));
        ProtoWriter tensor = new ProtoWriter().Integer(1, Float).Message(2, shape);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }
}
