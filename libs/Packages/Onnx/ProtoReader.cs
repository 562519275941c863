using System.Text;

namespace Serverless.Packages.Onnx;

/// <summary>Reads one protobuf message field by field, never past its end.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;

    public int Field { get; private set; }

    /// <summary>Moves to the next field, whose value must then be read or skipped; false at the end of the message.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }
        ulong tag = ReadVarint();
        if (tag >> 3 is 0 or > int.MaxValue)
        {
            throw new InvalidDataException($"field number {tag >> 3}");
        }
        (Field, _wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return true;
    }

    public long Integer()
    {
        Expect(0);
        return (long)ReadVarint();
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        return Take(ReadVarint());
    }

    public string Text(int maxBytes)
    {
        ReadOnlySpan<byte> bytes = Bytes();
        return bytes.Length <= maxBytes
            ? Encoding.UTF8.GetString(bytes)
            : throw new InvalidDataException($"a name of {bytes.Length} bytes, where {maxBytes} are allowed");
    }

    /// <summary>The bytes of floats, which come packed into one field or one by one.</summary>
    public ReadOnlySpan<byte> Singles() => _wireType == 5 ? Take(sizeof(float)) : Bytes();

    /// <summary>Repeated integers come packed into one field or one by one; what is beyond the most wanted is passed over.</summary>
    public void Integers(List<long> values, int most)
    {
        if (_wireType == 0)
        {
            Add(values, (long)ReadVarint(), most);
        }
        else
        {
            for (var packed = new ProtoReader(Bytes()); packed.TryPacked(out long value); )
            {
                Add(values, value, most);
            }
        }
    }

    /// <summary>The next of a field's packed integers, of which this is the reader.</summary>
    public bool TryPacked(out long value)
    {
        bool any = !_rest.IsEmpty;
        value = any ? (long)ReadVarint() : 0;
        return any;
    }

    public void Skip()
    {
        _ = _wireType switch
        {
            0 => Ignore(ReadVarint()),
            1 => Take(sizeof(ulong)).Length,
            2 => Take(ReadVarint()).Length,
            5 => Take(sizeof(uint)).Length,
            _ => throw new InvalidDataException($"wire type {_wireType} in field {Field}"),
        };
    }

    private static int Ignore(ulong _) => 0;

    private static void Add(List<long> values, long value, int most)
    {
        if (values.Count < most)
        {
            values.Add(value);
        }
    }

    private readonly void Expect(int expected)
    {
        if (_wireType != expected)
        {
            throw new InvalidDataException($"wire type {_wireType} in field {Field}, where {expected} belongs");
        }
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException($"field {Field} of {length} bytes, of which {_rest.Length} are there");
        }
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw new InvalidDataException("a number without an end");
    }
}
