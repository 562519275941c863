using System.Buffers;
using Serverless.Tokenizers;

namespace Serverless.Inference.Text;

/// <summary>The tokens of many texts, one after another in rented memory that Dispose returns. One thread at a time.</summary>
internal sealed class TokenSequences : IDisposable
{
    private readonly List<int> ends = [];
    private int[] ids = [];
    private int[] typeIds = [];
    private int[] words = [];
    private TextSpan[] places = [];

    public int Count => ends.Count;

    public void Add(TokenEncoding encoding)
    {
        int start = Total, total = start + encoding.Count;
        Grow(ref ids, start, total);
        Grow(ref typeIds, start, total);
        Grow(ref words, start, total);
        Grow(ref places, start, total);
        encoding.Ids.CopyTo(ids.AsSpan(start));
        encoding.TypeIds.CopyTo(typeIds.AsSpan(start));
        encoding.WordIds.CopyTo(words.AsSpan(start));
        encoding.Offsets.CopyTo(places.AsSpan(start));
        ends.Add(total);
    }

    public int Length(int sequence) => ends[sequence] - Start(sequence);

    public ReadOnlySpan<int> Ids(int sequence) => ids.AsSpan(Start(sequence), Length(sequence));

    public ReadOnlySpan<int> TypeIds(int sequence) => typeIds.AsSpan(Start(sequence), Length(sequence));

    /// <summary>TokenEncoding.NoWord for special tokens.</summary>
    public ReadOnlySpan<int> Words(int sequence) => words.AsSpan(Start(sequence), Length(sequence));

    public ReadOnlySpan<TextSpan> Places(int sequence) => places.AsSpan(Start(sequence), Length(sequence));

    public void Dispose()
    {
        Return(ref ids);
        Return(ref typeIds);
        Return(ref words);
        Return(ref places);
    }

    private int Total => ends.Count == 0 ? 0 : ends[^1];

    private int Start(int sequence) => sequence == 0 ? 0 : ends[sequence - 1];

    private static void Grow<T>(ref T[] array, int used, int needed)
    {
        if (needed <= array.Length)
            return;
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, 2 * array.Length));
        array.AsSpan(0, used).CopyTo(larger);
        Return(ref array);
        array = larger;
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0)
            ArrayPool<T>.Shared.Return(array);
        array = [];
    }
}
