using System.Runtime.CompilerServices;

namespace Serverless.Tokenizers.Text;

/// <summary>Growing arrays that keep their content, for buffers that are reused from text to text.</summary>
internal static class Buffers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            Enlarge(ref array, length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Enlarge<T>(ref T[] array, int length) =>
        Array.Resize(ref array, (int)Math.Min(Array.MaxLength, Math.Max(length, Math.Max(256L, array.Length * 2L))));

    public static void Trim<T>(ref T[] array, int maxLength)
    {
        if (array.Length > maxLength)
        {
            array = [];
        }
    }
}
