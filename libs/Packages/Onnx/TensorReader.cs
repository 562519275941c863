using System.Numerics;
using System.Runtime.InteropServices;

namespace Serverless.Packages.Onnx;

/// <summary>Reads TensorProto messages: what they take in memory, whether their numbers are any, and which lie in other files.</summary>
internal sealed class TensorReader(ModelLimits limits)
{
    public const int MaxRank = 32;

    /// <summary>TensorProto.DataLocation.EXTERNAL.</summary>
    private const int ElsewhereLocation = 1;

    /// <summary>Tensors whose data lie in other files.</summary>
    public HashSet<ExternalData> External { get; } = [];

    /// <summary>Of all tensors so far.</summary>
    public long WeightBytes { get; private set; }

    /// <summary>Whether one of them holds strings.</summary>
    public bool HasStrings { get; private set; }

    /// <param name="isWeight">Constants may be infinite; weights may not.</param>
    public OnnxTensor Read(ReadOnlySpan<byte> message, bool isWeight)
    {
        string name = "";
        long type = 0,
            location = 0;
        var dimensions = new List<long>();
        var external = new Dictionary<string, string>();
        TensorData data = default;
        for (var tensor = new ProtoReader(message); tensor.Next(); )
        {
            switch (tensor.Field)
            {
                case 1:
                    tensor.Integers(dimensions, MaxRank + 1);
                    break;
                case 2:
                    type = tensor.Integer();
                    break;
                case 8:
                    name = tensor.Text(OnnxReader.MaxNameBytes);
                    break;
                case 4:
                    data.Floats = Once(data.Floats, tensor.Bytes(), "float_data");
                    break;
                case 5:
                    data.Narrow = Once(data.Narrow, tensor.Bytes(), "int32_data");
                    break;
                case 7:
                    data.Wide = Once(data.Wide, tensor.Bytes(), "int64_data");
                    break;
                case 9:
                    data.Raw = tensor.Bytes();
                    data.HasRaw = true;
                    break;
                case 10:
                    data.Doubles = Once(data.Doubles, tensor.Bytes(), "double_data");
                    break;
                case 13:
                    ReadEntry(tensor.Bytes(), external);
                    break;
                case 14:
                    location = tensor.Integer();
                    break;
                default:
                    tensor.Skip();
                    break;
            }
        }
        HasStrings |= type == (long)OnnxElement.String;
        long bytes = Weigh(name, type, dimensions);
        if (external.Count > 0 || location == ElsewhereLocation)
        {
            External.Add(
                new ExternalData(
                    external.GetValueOrDefault("location", ""),
                    Number(external, "offset"),
                    Number(external, "length"),
                    name,
                    (OnnxElement)type,
                    bytes
                )
            );
        }
        else
        {
            CheckNumbers(name, type, bytes, data, isWeight);
        }
        return new OnnxTensor(name, type, data.Integers(type, dimensions), dimensions is [var rows, ..] ? rows : null);
    }

    /// <summary>ONNX Runtime makes it dense when it loads the model, so its full shape counts.</summary>
    public void ReadSparse(ReadOnlySpan<byte> message)
    {
        var dimensions = new List<long>();
        OnnxTensor? values = null;
        for (var sparse = new ProtoReader(message); sparse.Next(); )
        {
            switch (sparse.Field)
            {
                case 1:
                    values = Read(sparse.Bytes(), isWeight: true);
                    break;
                case 2:
                    Read(sparse.Bytes(), isWeight: false);
                    break;
                case 3:
                    sparse.Integers(dimensions, MaxRank + 1);
                    break;
                default:
                    sparse.Skip();
                    break;
            }
        }
        if (values is { } present)
        {
            Weigh(present.Name, present.Type, dimensions);
        }
    }

    /// <summary>Adds a tensor of this shape to the model's memory; says how many bytes it takes.</summary>
    private long Weigh(string name, long type, List<long> dimensions)
    {
        if (dimensions.Count > MaxRank)
        {
            throw new InvalidDataException($"a tensor of more than {MaxRank} dimensions");
        }
        if (!OnnxMemory.IsKnown(type))
        {
            throw new InvalidDataException($"the tensor '{name}' of the unknown type {type}");
        }
        long bytes = OnnxMemory.BytesOf(type, dimensions);
        if (bytes > limits.MaxMemoryBytes - WeightBytes)
        {
            throw new GraphFaultException(
                $"the tensor '{name}' of the shape [{string.Join(',', dimensions)}], {OnnxMemory.Describe(bytes)} beside "
                    + $"{WeightBytes} of others",
                $"at most {limits.MaxMemoryBytes} bytes of weights (MaxMemoryBytes)"
            );
        }
        WeightBytes += bytes;
        return bytes;
    }

    private static void CheckNumbers(string name, long type, long bytes, TensorData data, bool isWeight)
    {
        ReadOnlySpan<byte> numbers = data.HasRaw
            ? data.Raw
            : (OnnxElement)type switch
            {
                OnnxElement.Float => data.Floats,
                OnnxElement.Double => data.Doubles,
                OnnxElement.Float16 or OnnxElement.BFloat16 => data.OneByOne<ushort>(),
                >= OnnxElement.Float8E4M3Fn and <= OnnxElement.Float8E5M2FnUz => data.OneByOne<byte>(),
                _ => default,
            };
        // Whole numbers outside raw_data come in variable lengths.
        bool isCounted =
            data.HasRaw
            || (OnnxElement)type
                is OnnxElement.Float
                    or OnnxElement.Double
                    or OnnxElement.Float16
                    or (>= OnnxElement.BFloat16 and <= OnnxElement.Float8E5M2FnUz);
        if (isCounted && numbers.Length != bytes)
        {
            throw new InvalidDataException(
                $"the tensor '{name}' with {numbers.Length} bytes of data, where its shape makes {OnnxMemory.Describe(bytes)}"
            );
        }
        WeightScan.Check(name, (OnnxElement)type, numbers, isWeight);
    }

    private static ReadOnlySpan<byte> Once(ReadOnlySpan<byte> before, ReadOnlySpan<byte> now, string what) =>
        before.IsEmpty ? now : throw new InvalidDataException($"a tensor with {what} in parts");

    private static long Number(Dictionary<string, string> entries, string key) =>
        !entries.TryGetValue(key, out string? text) ? 0
        : long.TryParse(text, out long value) && value >= 0 ? value
        : throw new InvalidDataException($"external data with {key} '{text}'");

    private static void ReadEntry(ReadOnlySpan<byte> message, Dictionary<string, string> entries)
    {
        string key = "",
            value = "";
        for (var entry = new ProtoReader(message); entry.Next(); )
        {
            switch (entry.Field)
            {
                case 1:
                    key = entry.Text(OnnxReader.MaxNameBytes);
                    break;
                case 2:
                    value = entry.Text(OnnxReader.MaxNameBytes);
                    break;
                default:
                    entry.Skip();
                    break;
            }
        }
        if (!entries.TryAdd(key, value))
        {
            throw new InvalidDataException($"external data with two values of '{key}'");
        }
    }

    /// <summary>Where a tensor's numbers are: in one of these fields, by its type.</summary>
    private ref struct TensorData
    {
        public ReadOnlySpan<byte> Raw,
            Floats,
            Doubles,
            Narrow,
            Wide;
        public bool HasRaw;

        /// <summary>Floats of 8 and 16 bits come one a number in int32_data.</summary>
        public readonly ReadOnlySpan<byte> OneByOne<T>()
            where T : unmanaged, INumberBase<T>
        {
            var values = new List<T>();
            for (var packed = new ProtoReader(Narrow); packed.TryPacked(out long value); )
            {
                values.Add(T.CreateTruncating(value));
            }
            return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values));
        }

        /// <summary>The values of what may be a shape: a short list of INT64.</summary>
        public readonly long[]? Integers(long type, List<long> dimensions)
        {
            if (type != (long)OnnxElement.Int64 || dimensions is not [>= 0 and <= MaxRank])
            {
                return null;
            }
            if (HasRaw)
            {
                return MemoryMarshal.Cast<byte, long>(Raw).ToArray();
            }
            var values = new List<long>();
            for (var packed = new ProtoReader(Wide); values.Count < MaxRank && packed.TryPacked(out long value); )
            {
                values.Add(value);
            }
            return [.. values];
        }
    }
}

/// <param name="Type">A TensorProto.DataType.</param>
/// <param name="Integers">Of a short list of INT64, otherwise null.</param>
/// <param name="Rows">The first dimension; null where it has none.</param>
internal sealed record OnnxTensor(string Name, long Type, long[]? Integers, long? Rows);
