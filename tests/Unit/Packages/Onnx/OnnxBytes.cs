using System.Buffers.Binary;
using System.Text;

namespace Serverless.Unit.Packages.Onnx;

/// <summary>Writes onnx.proto messages by hand, also such as no exporter would.</summary>
internal static class OnnxBytes
{
    public static byte[] Field(int number, byte[] content) =>
        [.. Varint((ulong)((number << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    public static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    public static byte[] Field(int number, long value) => [.. Varint((ulong)(number << 3)), .. Varint((ulong)value)];

    /// <summary>A model of one node, y = Op(x, …), with further fields of its graph.</summary>
    public static byte[] Model(byte[] graphFields, string op = "Abs", long opset = 17, byte[]? nodeFields = null, string domain = "") =>
        [
            .. Field(1, 8),
            .. Field(
                7,
                [
                    .. Field(1, [.. nodeFields ?? Field(1, "x"), .. Field(2, "y"), .. Field(4, op)]),
                    .. Field(11, Value("x", 1, 2)),
                    .. Field(12, Value("y", 1, 2)),
                    .. graphFields,
                ]
            ),
            .. Field(8, [.. Field(1, domain), .. Field(2, opset)]),
        ];

    public static byte[] Value(string name, long element, params long[] shape) =>
        [.. Field(1, name), .. Field(2, Field(1, [.. Field(1, element), .. Field(2, [.. shape.SelectMany(d => Field(1, Field(1, d)))])]))];

    /// <summary>A value whose dimensions are named, and so dynamic.</summary>
    public static byte[] DynamicValue(string name, long element, params string[] dimensions) =>
        [
            .. Field(1, name),
            .. Field(2, Field(1, [.. Field(1, element), .. Field(2, [.. dimensions.SelectMany(d => Field(1, Field(2, d)))])])),
        ];

    public static byte[] Node(string op, string[] inputs, string output, params byte[] more) =>
        Field(1, [.. inputs.SelectMany(i => Field(1, i)), .. Field(2, output), .. Field(4, op), .. more]);

    /// <summary>A TensorProto with raw data.</summary>
    public static byte[] Tensor(string name, long type, long[] shape, byte[] raw) =>
        [.. shape.SelectMany(d => Field(1, d)), .. Field(2, type), .. Field(8, name), .. Field(9, raw)];

    /// <summary>An initializer of floats, as a field of a graph.</summary>
    public static byte[] Weights(params float[] values)
    {
        byte[] raw = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(4 * i), values[i]);
        }
        return Field(5, Tensor("w", 1, [values.Length], raw));
    }

    public static byte[] Longs(string name, params long[] values)
    {
        byte[] raw = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(8 * i), values[i]);
        }
        return Field(5, Tensor(name, 7, [values.Length], raw));
    }

    /// <summary>A model of functions, each of which calls the one before twice: 2^count nodes where they are written out.</summary>
    public static byte[] DoublingFunctions(int count) =>
        [
            .. Model([], $"f{count - 1}", nodeFields: [.. Field(1, "x"), .. Field(7, "local")]),
            .. Enumerable.Range(0, count).SelectMany(i => TwiceInARow($"f{i}", i == 0 ? "Abs" : $"f{i - 1}", i > 0)),
            .. Field(8, [.. Field(1, "local"), .. Field(2, 1)]),
        ];

    private static byte[] TwiceInARow(string name, string op, bool isFunction)
    {
        byte[] domain = isFunction ? Field(7, "local") : [];
        return Field(
            25,
            [
                .. Field(1, name),
                .. Field(4, "a"),
                .. Field(5, "c"),
                .. Field(7, [.. Field(1, "a"), .. Field(2, "b"), .. Field(4, op), .. domain]),
                .. Field(7, [.. Field(1, "b"), .. Field(2, "c"), .. Field(4, op), .. domain]),
                .. Field(9, [.. Field(1, ""), .. Field(2, 17)]),
                .. Field(9, [.. Field(1, "local"), .. Field(2, 1)]),
                .. Field(10, "local"),
            ]
        );
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        return [.. bytes, (byte)value];
    }
}
