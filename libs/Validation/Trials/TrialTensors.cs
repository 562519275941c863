using System.Buffers.Binary;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Statistics.Metrics;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Trials;

/// <summary>Models that take raw tensors: numbers in, of the datatype that the graph declares, numbers out.</summary>
internal static class TrialTensors
{
    /// <exception cref="ServingException">A tensor is not what the graph takes.</exception>
    public static ItemAnswer Answer(RawModel model, GoldenItem item)
    {
        NamedTensor output = model.Run(InputsOf(model.Inputs, item), default)[0];
        float[] numbers = [.. Read(output).Select(n => (float)n)];
        if (Array.FindIndex(numbers, n => !float.IsFinite(n)) is >= 0 and var at)
        {
            return new ItemAnswer { Fault = $"Number {at} of the output '{output.Name}' is {numbers[at]}." };
        }
        if (item.Vector is null)
        {
            return new ItemAnswer { Numbers = numbers };
        }
        return item.Vector.Count == numbers.Length
            ? new ItemAnswer { Numbers = numbers, Cosine = Similarity.Cosine(numbers, [.. item.Vector]) }
            : new ItemAnswer { Fault = $"The output '{output.Name}' has {numbers.Length} numbers; the reference has {item.Vector.Count}." };
    }

    public static NamedTensor[] InputsOf(IReadOnlyList<TensorSpec> declared, GoldenItem item) =>
        [
            .. item.Tensors!.Select(t =>
            {
                string type = declared.FirstOrDefault(i => i.Name == t.Name)?.Datatype ?? "FP32";
                return new NamedTensor(t.Name, type, t.Shape) { Data = Write(type, t.Values) };
            }),
        ];

    /// <summary>Little-endian, as the Open Inference Protocol lays tensors out.</summary>
    public static byte[] Write(string type, IReadOnlyList<double> values)
    {
        int size = SizeOf(type);
        byte[] bytes = new byte[values.Count * size];
        for (int i = 0; i < values.Count; i++)
        {
            Write(type, values[i], bytes.AsSpan(i * size, size));
        }
        return bytes;
    }

    public static IEnumerable<double> Read(NamedTensor tensor)
    {
        int size = SizeOf(tensor.Datatype);
        for (int at = 0; at < tensor.Data.Length; at += size)
        {
            yield return Read(tensor.Datatype, tensor.Data.Span.Slice(at, size));
        }
    }

    private static int SizeOf(string type) =>
        type switch
        {
            "BOOL" or "UINT8" or "INT8" => 1,
            "UINT16" or "INT16" or "FP16" => 2,
            "UINT32" or "INT32" or "FP32" => 4,
            "UINT64" or "INT64" or "FP64" => 8,
            _ => throw new ModelRejectedException(
                $"The datatype {type} cannot be tried by a golden set; allowed are BOOL, UINT8 to UINT64, INT8 to INT64, FP16, "
                    + $"FP32 and FP64."
            ),
        };

    private static void Write(string type, double value, Span<byte> to)
    {
        switch (type)
        {
            case "FP16":
                BinaryPrimitives.WriteHalfLittleEndian(to, (Half)value);
                break;
            case "FP32":
                BinaryPrimitives.WriteSingleLittleEndian(to, (float)value);
                break;
            case "FP64":
                BinaryPrimitives.WriteDoubleLittleEndian(to, value);
                break;
            default:
                Span<byte> wide = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(wide, type == "BOOL" ? (value == 0 ? 0 : 1) : (long)value);
                wide[..to.Length].CopyTo(to);
                break;
        }
    }

    private static double Read(string type, ReadOnlySpan<byte> from)
    {
        switch (type)
        {
            case "FP16":
                return (double)BinaryPrimitives.ReadHalfLittleEndian(from);
            case "FP32":
                return BinaryPrimitives.ReadSingleLittleEndian(from);
            case "FP64":
                return BinaryPrimitives.ReadDoubleLittleEndian(from);
            default:
                Span<byte> wide = stackalloc byte[8];
                wide.Fill(type.StartsWith("INT", StringComparison.Ordinal) && from[^1] >= 0x80 ? (byte)0xFF : (byte)0);
                from.CopyTo(wide);
                return BinaryPrimitives.ReadInt64LittleEndian(wide);
        }
    }
}
