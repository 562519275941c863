using Serverless.Vectors.Rows;

namespace Serverless.Vectors.Searching;

/// <summary>A query as each stage compares it: as it is, as codes, and as sign bits. Pinned while it lives.</summary>
internal sealed unsafe class EncodedQuery
{
    private readonly sbyte[] _codes;
    private readonly ulong[] _signs;

    /// <param name="unit">Of length 1.</param>
    public EncodedQuery(float[] unit)
    {
        Unit = unit;
        _codes = GC.AllocateUninitializedArray<sbyte>(RowLayout.StrideOf(unit.Length), pinned: true);
        _signs = GC.AllocateUninitializedArray<ulong>(RowLayout.WordsOf(unit.Length), pinned: true);
        Scale = Quantization.Encode(unit, _codes);
        for (int word = 0; word < _signs.Length; word++)
        {
            _signs[word] = Quantization.SignsOf(unit.AsSpan(word * 64, Math.Min(64, unit.Length - word * 64)));
        }
    }

    public float[] Unit { get; }
    public float Scale { get; }
    public sbyte* Codes => (sbyte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_codes, 0);
    public ulong* Signs => (ulong*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_signs, 0);
}
