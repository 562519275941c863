using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Serverless.Inference.Serving;

namespace Serverless.Serving.OpenInference;

/// <summary>
/// An output as its highest values (Triton's classification extension): BYTES, each "value:index" or "value:index:label", best first. Of an
/// output of two or more dimensions the first is the batch, and each of its rows is classified.
/// </summary>
public static class ClassifiedOutput
{
    public const string Extension = "classification";

    /// <param name="count">As many as a row has, at most.</param>
    /// <param name="labels">Of the classes; told where there is one for each value of a row.</param>
    /// <exception cref="ServingException">The output has no numbers.</exception>
    public static NamedTensor Of(NamedTensor output, int count, IReadOnlyList<string>? labels)
    {
        int rows = output.Shape.Count > 1 ? (int)output.Shape[0] : 1;
        Datatype datatype = Datatypes.Parse(output.Datatype);
        ReadOnlySpan<byte> data = output.Data.Span;
        ReadOnlyMemory<byte>[] items = datatype switch
        {
            Datatype.UInt8 => Best<byte>(data, rows, count, labels),
            Datatype.UInt16 => Best<ushort>(data, rows, count, labels),
            Datatype.UInt32 => Best<uint>(data, rows, count, labels),
            Datatype.UInt64 => Best<ulong>(data, rows, count, labels),
            Datatype.Int8 => Best<sbyte>(data, rows, count, labels),
            Datatype.Int16 => Best<short>(data, rows, count, labels),
            Datatype.Int32 => Best<int>(data, rows, count, labels),
            Datatype.Int64 => Best<long>(data, rows, count, labels),
            Datatype.Fp16 => Best<Half>(data, rows, count, labels),
            Datatype.Fp32 => Best<float>(data, rows, count, labels),
            Datatype.Fp64 => Best<double>(data, rows, count, labels),
            _ => throw Refusal.Invalid(
                $"Output '{output.Name}' is {output.Datatype}, which cannot be asked for by {Extension}; allowed are outputs of numbers."
            ),
        };
        long[] shape = output.Shape.Count > 1 ? [rows, rows == 0 ? 0 : items.Length / rows] : [items.Length];
        return new NamedTensor(output.Name, Datatype.Bytes.NameOf(), shape) { Items = items };
    }

    private static ReadOnlyMemory<byte>[] Best<T>(ReadOnlySpan<byte> data, int rows, int count, IReadOnlyList<string>? labels)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(data);
        int classes = rows == 0 ? 0 : values.Length / rows;
        int wanted = Math.Min(count, classes);
        ReadOnlyMemory<byte>[] items = new ReadOnlyMemory<byte>[rows * wanted];
        string[]? names = labels?.Count == classes ? [.. labels] : null;
        for (int row = 0; row < rows; row++)
        {
            T[] keys = values.Slice(row * classes, classes).ToArray();
            int[] order = [.. Enumerable.Range(0, classes)];
            // Stable, so that of equals the earlier comes first; what is no number sorts below all.
            Array.Sort(order, (a, b) => keys[b].CompareTo(keys[a]) is var by and not 0 ? by : a.CompareTo(b));
            for (int i = 0; i < wanted; i++)
            {
                string label = names is null ? "" : $":{names[order[i]]}";
                items[(row * wanted) + i] = Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{keys[order[i]]}:{order[i]}{label}")
                );
            }
        }
        return items;
    }
}
