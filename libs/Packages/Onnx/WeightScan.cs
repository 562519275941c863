using System.Numerics;
using System.Runtime.InteropServices;

namespace Serverless.Packages.Onnx;

/// <summary>
/// Finds numbers that are none among weights: in all binary floating-point formats those, and infinity, have an exponent of ones
/// (IEEE 754-2019, 3.4).
/// </summary>
internal static class WeightScan
{
    private const byte HeadOfOctet = 0x7C;
    private const int HeadOfHalf = 0x7C00;
    private const int HeadOfBrain = 0x7F80;
    private const uint HeadOfSingle = 0x7F80_0000;
    private const ulong HeadOfDouble = 0x7FF0_0000_0000_0000;

    /// <exception cref="GraphFaultException">Not a number anywhere; infinity in a weight that is neither a single number nor a mask of zero
    /// and minus infinity.</exception>
    public static void Check(string name, OnnxElement element, ReadOnlySpan<byte> data, bool isWeight)
    {
        switch (element)
        {
            case OnnxElement.Float:
                Check(name, MemoryMarshal.Cast<byte, uint>(data), HeadOfSingle, isWeight);
                break;
            case OnnxElement.Double:
                Check(name, MemoryMarshal.Cast<byte, ulong>(data), HeadOfDouble, isWeight);
                break;
            case OnnxElement.Float16:
                Check<ushort>(name, MemoryMarshal.Cast<byte, ushort>(data), HeadOfHalf, isWeight);
                break;
            case OnnxElement.BFloat16:
                Check<ushort>(name, MemoryMarshal.Cast<byte, ushort>(data), HeadOfBrain, isWeight);
                break;
            case OnnxElement.Float8E5M2:
                Check(name, data, HeadOfOctet, isWeight);
                break;
            // These know no infinity, and have one or two numbers that are none (onnx/docs/docsgen/source/technical/float8.md).
            case OnnxElement.Float8E4M3Fn:
                CheckAt(name, data.IndexOfAny<byte>(0x7F, 0xFF));
                break;
            case OnnxElement.Float8E4M3FnUz or OnnxElement.Float8E5M2FnUz:
                CheckAt(name, data.IndexOf<byte>(0x80));
                break;
        }
    }

    /// <summary>Of the bytes of single floats.</summary>
    public static bool HasNaN(ReadOnlySpan<byte> singles)
    {
        foreach (float value in MemoryMarshal.Cast<byte, float>(singles))
        {
            if (float.IsNaN(value))
            {
                return true;
            }
        }
        return false;
    }

    private static void CheckAt(string name, int notANumber)
    {
        if (notANumber >= 0)
        {
            throw new GraphFaultException($"the tensor '{name}' with NaN at {notANumber}", "numbers");
        }
    }

    private static void Check<T>(string name, ReadOnlySpan<T> values, T head, bool isWeight)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T magnitude = T.MaxValue >> 1; // all but the sign
        bool mayBeInfinite = !isWeight || values.Length <= 1;
        for (int at = NextSpecial(values, 0, head); at >= 0; at = NextSpecial(values, at + 1, head))
        {
            if ((values[at] & magnitude) != head)
            {
                CheckAt(name, at);
            }
            if (!mayBeInfinite && !IsMask(values, head, magnitude))
            {
                throw new GraphFaultException($"the tensor '{name}' with infinity at {at}", "finite weights");
            }
            mayBeInfinite = true;
        }
    }

    /// <summary>The first value from here on whose exponent is all ones; -1 when there is none.</summary>
    private static int NextSpecial<T>(ReadOnlySpan<T> values, int from, T head)
        where T : unmanaged, IBinaryInteger<T>
    {
        var heads = new Vector<T>(head);
        int i = from;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[i..]) & heads, heads))
            {
                break;
            }
        }
        for (; i < values.Length; i++)
        {
            if ((values[i] & head) == head)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Attention masks are exported as zeros and minus infinities.</summary>
    private static bool IsMask<T>(ReadOnlySpan<T> values, T head, T magnitude)
        where T : unmanaged, IBinaryInteger<T>
    {
        T minusInfinity = head | ~magnitude;
        foreach (T value in values)
        {
            if ((value & magnitude) != T.Zero && value != minusInfinity)
            {
                return false;
            }
        }
        return true;
    }
}
