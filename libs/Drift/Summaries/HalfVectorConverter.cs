using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Drift.Summaries;

/// <summary>Writes a vector as the base64 of half-precision numbers (IEEE 754 binary16, little-endian): a seventh of its digits.</summary>
internal sealed class HalfVectorConverter : JsonConverter<IReadOnlyList<float>>
{
    public override IReadOnlyList<float> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        byte[] bytes = reader.GetBytesFromBase64();
        if (bytes.Length % 2 != 0)
        {
            throw new JsonException($"A vector has {bytes.Length} bytes; expected is an even number.");
        }
        float[] values = new float[bytes.Length / 2];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        return values;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<float> value, JsonSerializerOptions options)
    {
        byte[] bytes = new byte[value.Count * 2];
        TensorPrimitives.ConvertToHalf(value as float[] ?? [.. value], MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()));
        writer.WriteBase64StringValue(bytes);
    }
}
