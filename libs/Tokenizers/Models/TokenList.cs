using System.Runtime.CompilerServices;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Models;

/// <summary>
/// The tokens of one text as they come: ids, ranges (of units while a piece is worked on, of the input after), words. Reused; one thread at
/// a time.
/// </summary>
internal sealed class TokenList
{
    private int[] _ids = new int[64];
    private TextSpan[] _spans = new TextSpan[64];
    private int[] _words = new int[64];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    public Span<TextSpan> Spans => _spans.AsSpan(0, Count);

    public ReadOnlySpan<int> Words => _words.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Truncate(int count) => Count = Math.Min(Count, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id, int start, int end)
    {
        int at = Count;
        if (at == _ids.Length)
        {
            Grow();
        }
        _ids[at] = id;
        _spans[at] = new(start, end);
        Count = at + 1;
    }

    private void Grow()
    {
        int length = Count + 1;
        Buffers.Grow(ref _ids, length);
        Buffers.Grow(ref _spans, _ids.Length);
        Buffers.Grow(ref _words, _ids.Length);
    }

    /// <summary>Says which word the tokens from <paramref name="first"/> on belong to.</summary>
    public void SetWord(int first, int word) => _words.AsSpan(first, Count - first).Fill(word);

    public void Trim(int maxLength)
    {
        Count = 0;
        if (_ids.Length <= maxLength)
        {
            return;
        }
        _ids = new int[64];
        _spans = new TextSpan[64];
        _words = new int[64];
    }
}
