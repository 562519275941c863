using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Serverless.Inference.Serving;

namespace Serverless.Serving.OpenInference;

/// <summary>Writes the JSON of an inference response, without reflection; the binary data goes behind it as it is.</summary>
public static class InferResponseWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static void Write(InferResponse response, Func<string, bool> isBinary, IBufferWriter<byte> target)
    {
        using Utf8JsonWriter json = new(target, Options);
        json.WriteStartObject();
        json.WriteString("model_name"u8, response.ModelName);
        json.WriteString("model_version"u8, response.ModelVersion);
        if (response.Id is not null)
        {
            json.WriteString("id"u8, response.Id);
        }
        if (response.Parameters.Count > 0)
        {
            WriteParameters(json, response.Parameters);
        }
        json.WriteStartArray("outputs"u8);
        foreach (NamedTensor output in response.Outputs)
        {
            WriteOutput(json, output, isBinary(output.Name));
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, IReadOnlyDictionary<string, object> parameters)
    {
        json.WriteStartObject("parameters"u8);
        foreach ((string name, object value) in parameters)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case long whole:
                    json.WriteNumberValue(whole);
                    break;
                case double number:
                    json.WriteNumberValue(number);
                    break;
                default:
                    json.WriteStringValue((string)value);
                    break;
            }
        }
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, NamedTensor output, bool binary)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, output.Name);
        json.WriteString("datatype"u8, output.Datatype);
        json.WriteStartArray("shape"u8);
        foreach (long size in output.Shape)
        {
            json.WriteNumberValue(size);
        }
        json.WriteEndArray();
        if (binary)
        {
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("binary_data_size"u8, BinaryTensorData.LengthOf(output));
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data"u8);
            WriteData(json, output);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, NamedTensor output)
    {
        ReadOnlySpan<byte> data = output.Data.Span;
        switch (Datatypes.Parse(output.Datatype))
        {
            case Datatype.Bool:
                foreach (byte value in data)
                {
                    json.WriteBooleanValue(value != 0);
                }
                break;
            case Datatype.UInt8:
                foreach (byte value in data)
                {
                    json.WriteNumberValue(value);
                }
                break;
            case Datatype.UInt16:
                foreach (ushort value in MemoryMarshal.Cast<byte, ushort>(data))
                {
                    json.WriteNumberValue(value);
                }
                break;
            case Datatype.UInt32:
                foreach (uint value in MemoryMarshal.Cast<byte, uint>(data))
                {
                    json.WriteNumberValue(value);
                }
                break;
            case Datatype.UInt64:
                foreach (ulong value in MemoryMarshal.Cast<byte, ulong>(data))
                {
                    json.WriteNumberValue(value);
                }
                break;
            case Datatype.Int8:
                foreach (byte value in data)
                {
                    json.WriteNumberValue((sbyte)value);
                }
                break;
            case Datatype.Int16:
                foreach (short value in MemoryMarshal.Cast<byte, short>(data))
                {
                    json.WriteNumberValue(value);
                }
                break;
            case Datatype.Int32:
                foreach (int value in MemoryMarshal.Cast<byte, int>(data))
                {
                    json.WriteNumberValue(value);
                }
                break;
            case Datatype.Int64:
                foreach (long value in MemoryMarshal.Cast<byte, long>(data))
                {
                    json.WriteNumberValue(value);
                }
                break;
            case Datatype.Fp16:
                foreach (Half value in MemoryMarshal.Cast<byte, Half>(data))
                {
                    WriteNumber(json, (float)value);
                }
                break;
            case Datatype.Fp32:
                foreach (float value in MemoryMarshal.Cast<byte, float>(data))
                {
                    WriteNumber(json, value);
                }
                break;
            case Datatype.Fp64:
                foreach (double value in MemoryMarshal.Cast<byte, double>(data))
                {
                    WriteNumber(json, value);
                }
                break;
            case Datatype.Bytes:
                WriteStrings(json, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(output), output.Datatype, "is no datatype of the protocol");
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            WriteName(json, value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            WriteName(json, value);
        }
    }

    private static void WriteName(Utf8JsonWriter json, double value) =>
        json.WriteStringValue(
            double.IsNaN(value) ? "NaN"u8
            : value > 0 ? "Infinity"u8
            : "-Infinity"u8
        );

    private static void WriteStrings(Utf8JsonWriter json, NamedTensor output)
    {
        for (int i = 0; i < output.Items.Count; i++)
        {
            ReadOnlySpan<byte> text = output.Items[i].Span;
            if (!Utf8.IsValid(text))
            {
                throw Refusal.Invalid(
                    $"Element {i} of output '{output.Name}' is not UTF-8, so JSON cannot hold it; ask for it with the parameter "
                        + $"{BinaryTensorData.OutputParameter}."
                );
            }
            json.WriteStringValue(text);
        }
    }
}
