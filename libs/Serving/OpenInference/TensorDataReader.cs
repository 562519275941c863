using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Serverless.Inference.Serving;

namespace Serverless.Serving.OpenInference;

/// <summary>
/// Reads the JSON of one tensor's data straight into its bytes: flat, or nested exactly as the shape says (section "Tensor Data").
/// Floating point may be "NaN", "Infinity" and "-Infinity" by name, since JSON has no numbers for them.
/// </summary>
internal ref struct TensorDataReader(string name, Datatype datatype, long[] shape, int elements)
{
    private const int MaxShownBytes = 40;

    private int _count;

    /// <summary>BYTES have items, all others data.</summary>
    public NamedTensor Read(ref Utf8JsonReader json)
    {
        NamedTensor tensor = new(name, datatype.NameOf(), shape);
        return datatype == Datatype.Bytes ? tensor with { Items = ReadStrings(ref json) } : tensor with { Data = ReadData(ref json) };
    }

    private byte[] ReadData(ref Utf8JsonReader json) =>
        datatype switch
        {
            Datatype.Bool => ReadBooleans(ref json),
            Datatype.UInt8 => ReadNumbers<byte>(ref json),
            Datatype.UInt16 => ReadNumbers<ushort>(ref json),
            Datatype.UInt32 => ReadNumbers<uint>(ref json),
            Datatype.UInt64 => ReadNumbers<ulong>(ref json),
            Datatype.Int8 => ReadNumbers<sbyte>(ref json),
            Datatype.Int16 => ReadNumbers<short>(ref json),
            Datatype.Int32 => ReadNumbers<int>(ref json),
            Datatype.Int64 => ReadNumbers<long>(ref json),
            Datatype.Fp16 => ReadNumbers<Half>(ref json),
            Datatype.Fp32 => ReadNumbers<float>(ref json),
            Datatype.Fp64 => ReadNumbers<double>(ref json),
            _ => throw new ArgumentOutOfRangeException(nameof(json), datatype, "is no datatype of the protocol"),
        };

    private byte[] ReadNumbers<T>(ref Utf8JsonReader json)
        where T : unmanaged, INumberBase<T>
    {
        byte[] data = GC.AllocateUninitializedArray<byte>(elements * datatype.SizeOf());
        Span<T> target = MemoryMarshal.Cast<byte, T>(data.AsSpan());
        Nesting nesting = new(name, shape);
        while (nesting.Next(ref json))
        {
            CheckRoom();
            if (!TryRead(ref json, out T value))
            {
                throw Refuse(ref json);
            }
            target[_count++] = value;
        }
        CheckCount();
        return data;
    }

    private static bool TryRead<T>(ref Utf8JsonReader json, out T value)
        where T : unmanaged, INumberBase<T>
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            // out of range parses as infinite
            return T.TryParse(json.ValueSpan, CultureInfo.InvariantCulture, out value) && T.IsFinite(value);
        }
        value = default;
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double) && typeof(T) != typeof(Half))
        {
            return false;
        }
        if (json.TokenType != JsonTokenType.String)
        {
            return false;
        }
        if (json.ValueTextEquals("NaN"u8))
        {
            value = T.CreateTruncating(double.NaN);
        }
        else if (json.ValueTextEquals("Infinity"u8))
        {
            value = T.CreateTruncating(double.PositiveInfinity);
        }
        else if (json.ValueTextEquals("-Infinity"u8))
        {
            value = T.CreateTruncating(double.NegativeInfinity);
        }
        else
        {
            return false;
        }
        return true;
    }

    private byte[] ReadBooleans(ref Utf8JsonReader json)
    {
        byte[] data = new byte[elements];
        Nesting nesting = new(name, shape);
        while (nesting.Next(ref json))
        {
            CheckRoom();
            if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            {
                throw Refuse(ref json);
            }
            data[_count++] = json.TokenType == JsonTokenType.True ? (byte)1 : (byte)0;
        }
        CheckCount();
        return data;
    }

    private ReadOnlyMemory<byte>[] ReadStrings(ref Utf8JsonReader json)
    {
        ReadOnlyMemory<byte>[] items = new ReadOnlyMemory<byte>[elements];
        Nesting nesting = new(name, shape);
        while (nesting.Next(ref json))
        {
            CheckRoom();
            if (json.TokenType != JsonTokenType.String)
            {
                throw Refuse(ref json);
            }
            byte[] text = new byte[json.ValueSpan.Length]; // unescaping only shortens
            items[_count++] = text.AsMemory(0, json.CopyString(text));
        }
        CheckCount();
        return items;
    }

    private readonly void CheckRoom()
    {
        if (_count == elements)
        {
            throw Refusal.Invalid($"Input '{name}' has more than the {elements} elements of its shape [{string.Join(',', shape)}].");
        }
    }

    private readonly void CheckCount()
    {
        if (_count != elements)
        {
            throw Refusal.Invalid($"Input '{name}' has {_count} elements; its shape [{string.Join(',', shape)}] wants {elements}.");
        }
    }

    private readonly ServingException Refuse(ref Utf8JsonReader json)
    {
        string found = json.TokenType switch
        {
            JsonTokenType.Number when json.ValueSpan.Length <= MaxShownBytes => Encoding.UTF8.GetString(json.ValueSpan),
            JsonTokenType.String when json.ValueSpan.Length <= MaxShownBytes => $"'{Encoding.UTF8.GetString(json.ValueSpan)}'",
            var type => JsonTokens.Describe(type),
        };
        return Refusal.Invalid($"Element {_count} of input '{name}' is {found}, which is no {datatype.NameOf()}.");
    }

    /// <summary>Walks over the elements of flat or nested arrays. Nested ones must have the shape's depth and lengths.</summary>
    private ref struct Nesting(string name, long[] shape)
    {
        private readonly int[] _lengths = new int[shape.Length + 1];
        private int _depth;
        private bool _nested;
        private bool _started;

        /// <summary>Leaves the reader on the next element; false at the end of the data, with the reader on its last token.</summary>
        public bool Next(ref Utf8JsonReader json)
        {
            if (!_started)
            {
                _started = true;
                json.Expect(JsonTokenType.StartArray, $"The data of input '{name}'");
                _depth = 1;
            }

            while (json.Read())
            {
                switch (json.TokenType)
                {
                    case JsonTokenType.StartArray:
                        Enter();
                        break;
                    case JsonTokenType.EndArray:
                        if (Leave())
                        {
                            return false;
                        }
                        break;
                    default:
                        if (_nested && _depth != shape.Length)
                        {
                            throw Misshapen();
                        }
                        _lengths[Math.Min(_depth, shape.Length)]++;
                        return true;
                }
            }
            return false;
        }

        private void Enter()
        {
            if (_depth >= shape.Length || (!_nested && _lengths[_depth] > 0))
            {
                throw Misshapen();
            }
            _nested = true;
            _lengths[_depth]++;
            _lengths[++_depth] = 0;
        }

        private bool Leave()
        {
            if (_nested && _lengths[_depth] != shape[_depth - 1])
            {
                throw Misshapen();
            }
            return --_depth == 0;
        }

        private readonly ServingException Misshapen() =>
            Refusal.Invalid(
                $"The data of input '{name}' is nested otherwise than its shape [{string.Join(',', shape)}]; allowed are flat "
                    + $"data, or exactly that nesting."
            );
    }
}
