namespace Serverless.Packages.Onnx;

/// <summary>What tensors take in memory. Saturates instead of overflowing: hostile shapes multiply to any number.</summary>
internal static class OnnxMemory
{
    /// <summary>long.MaxValue for more than that, or for a negative dimension.</summary>
    public static long BytesOf(long type, IEnumerable<long> dimensions)
    {
        Int128 elements = 1;
        foreach (long dimension in dimensions)
        {
            if (dimension < 0)
            {
                return long.MaxValue;
            }
            elements = Int128.Min(elements * dimension, long.MaxValue);
        }
        return (long)Int128.Min(((elements * BitsOf(type)) + 7) / 8, long.MaxValue);
    }

    public static string Describe(long bytes) => bytes == long.MaxValue ? "more bytes than can be counted" : $"{bytes} bytes";

    /// <summary>By TensorProto.DataType, as of IR version 13; a text is counted as a reference.</summary>
    public static int BitsOf(long type) =>
        type switch
        {
            2 or 3 or 9 or 17 or 18 or 19 or 20 or 24 => 8, // UINT8, INT8, BOOL, the FLOAT8 kinds
            4 or 5 or 10 or 16 => 16, // UINT16, INT16, FLOAT16, BFLOAT16
            1 or 6 or 12 => 32, // FLOAT, INT32, UINT32
            7 or 8 or 11 or 13 or 14 => 64, // INT64, STRING, DOUBLE, UINT64, COMPLEX64
            15 => 128, // COMPLEX128
            21 or 22 or 23 => 4, // UINT4, INT4, FLOAT4E2M1
            25 or 26 => 2, // UINT2, INT2
            _ => 64, // none, or unknown: as much as the widest that is common
        };

    public static bool IsKnown(long type) => type is >= 1 and <= 26;
}
