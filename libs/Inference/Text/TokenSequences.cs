using System.Buffers;
using Serverless.Tokenizers;

namespace Serverless.Inference.Text;

/// <summary>The tokens of many texts, one after another in rented memory that Dispose returns. One thread at a time.</summary>
internal sealed class TokenSequences : IDisposable
{
    private readonly List<int> _ends = [];
    private int[] _ids = [];
    private int[] _typeIds = [];
    private int[] _words = [];
    private TextSpan[] _places = [];

    public int Count => _ends.Count;

    public void Add(TokenEncoding encoding)
    {
        int start = Total,
            total = start + encoding.Count;
        Grow(ref _ids, start, total);
        Grow(ref _typeIds, start, total);
        Grow(ref _words, start, total);
        Grow(ref _places, start, total);
        encoding.Ids.CopyTo(_ids.AsSpan(start));
        encoding.TypeIds.CopyTo(_typeIds.AsSpan(start));
        encoding.WordIds.CopyTo(_words.AsSpan(start));
        encoding.Offsets.CopyTo(_places.AsSpan(start));
        _ends.Add(total);
    }

    public int Length(int sequence) => _ends[sequence] - Start(sequence);

    public ReadOnlySpan<int> Ids(int sequence) => _ids.AsSpan(Start(sequence), Length(sequence));

    public ReadOnlySpan<int> TypeIds(int sequence) => _typeIds.AsSpan(Start(sequence), Length(sequence));

    /// <summary>TokenEncoding.NoWord for special tokens.</summary>
    public ReadOnlySpan<int> Words(int sequence) => _words.AsSpan(Start(sequence), Length(sequence));

    public ReadOnlySpan<TextSpan> Places(int sequence) => _places.AsSpan(Start(sequence), Length(sequence));

    /// <summary>Without special tokens.</summary>
    public TokenCounts CountTokens(int unknown) =>
        new(Total - _words.AsSpan(0, Total).Count(TokenEncoding.NoWord), _ids.AsSpan(0, Total).Count(unknown));

    public void Dispose()
    {
        Return(ref _ids);
        Return(ref _typeIds);
        Return(ref _words);
        Return(ref _places);
    }

    private int Total => _ends.Count == 0 ? 0 : _ends[^1];

    private int Start(int sequence) => sequence == 0 ? 0 : _ends[sequence - 1];

    private static void Grow<T>(ref T[] array, int used, int needed)
    {
        if (needed <= array.Length)
        {
            return;
        }
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, 2 * array.Length));
        array.AsSpan(0, used).CopyTo(larger);
        Return(ref array);
        array = larger;
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<T>.Shared.Return(array);
        }
        array = [];
    }
}
