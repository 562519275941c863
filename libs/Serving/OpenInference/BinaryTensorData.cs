using System.Buffers;
using System.Buffers.Binary;
using Serverless.Inference.Serving;

namespace Serverless.Serving.OpenInference;

/// <summary>
/// Tensors as binary data (Triton's binary tensor data extension): little-endian, row-major, without padding; of BYTES each element
/// after its length as a 4-byte unsigned integer.
/// </summary>
public static class BinaryTensorData
{
    public const string Extension = "binary_tensor_data";
    public const string SizeParameter = "binary_data_size";
    public const string OutputParameter = "binary_data";
    public const string AllOutputsParameter = "binary_data_output";
    public const string HeaderLength = "Inference-Header-Content-Length";

    public static NamedTensor Read(string name, Datatype datatype, long[] shape, int elements, ReadOnlyMemory<byte> data)
    {
        NamedTensor tensor = new(name, datatype.NameOf(), shape);
        if (datatype == Datatype.Bytes)
        {
            return tensor with { Items = ReadItems(name, elements, data) };
        }
        if (data.Length != (long)elements * datatype.SizeOf())
        {
            throw Refusal.Invalid(
                $"Input '{name}' has {data.Length} bytes of binary data; {elements} elements of {datatype.NameOf()} have "
                    + $"{(long)elements * datatype.SizeOf()}."
            );
        }
        if (datatype == Datatype.Bool && data.Span.IndexOfAnyExceptInRange<byte>(0, 1) is >= 0 and var at)
        {
            throw Refusal.Invalid($"Element {at} of input '{name}' is {data.Span[at]}; a BOOL is 0 or 1.");
        }
        return tensor with { Data = data };
    }

    /// <summary>Bytes that the tensor takes as binary data.</summary>
    public static long LengthOf(NamedTensor tensor) => tensor.Data.Length + tensor.Items.Sum(item => (long)sizeof(uint) + item.Length);

    public static void Write(NamedTensor tensor, IBufferWriter<byte> target)
    {
        target.Write(tensor.Data.Span);
        foreach (ReadOnlyMemory<byte> item in tensor.Items)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target.GetSpan(sizeof(uint)), (uint)item.Length);
            target.Advance(sizeof(uint));
            target.Write(item.Span);
        }
    }

    private static ReadOnlyMemory<byte>[] ReadItems(string name, int elements, ReadOnlyMemory<byte> data)
    {
        if (elements > data.Length / sizeof(uint))
        {
            throw Refusal.Invalid(
                $"Input '{name}' has {data.Length} bytes of binary data; {elements} elements of BYTES have "
                    + $"{(long)elements * sizeof(uint)} at least."
            );
        }
        ReadOnlyMemory<byte>[] items = new ReadOnlyMemory<byte>[elements];
        ReadOnlyMemory<byte> rest = data;
        for (int i = 0; i < elements; i++)
        {
            if (rest.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(rest.Span) > rest.Length - sizeof(uint))
            {
                throw Refusal.Invalid($"Element {i} of input '{name}' goes beyond the {data.Length} bytes of its binary data.");
            }
            items[i] = rest.Slice(sizeof(uint), (int)BinaryPrimitives.ReadUInt32LittleEndian(rest.Span));
            rest = rest[(sizeof(uint) + items[i].Length)..];
        }
        return rest.IsEmpty ? items : throw Refusal.Invalid($"{rest.Length} bytes follow the {elements} elements of input '{name}'.");
    }
}
