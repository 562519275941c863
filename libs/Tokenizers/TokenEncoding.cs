using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.PostProcessors;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers;

/// <summary>
/// The tokens of a text or a pair. Made once and filled again and again without allocating; the spans are views of its memory, valid
/// until it is filled anew. One thread at a time.
/// </summary>
public sealed class TokenEncoding
{
    /// <summary>The word of a token that stands for no text.</summary>
    public const int NoWord = -1;

    private int[] _ids = [];
    private int[] _typeIds = [];
    private int[] _wordIds = [];
    private TextSpan[] _offsets = [];
    private byte[] _specialMask = [];
    private byte[] _sequences = [];

    public int Count { get; private set; }

    /// <summary>Something of the text was left out to keep within the maximum.</summary>
    public bool IsTruncated { get; internal set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Which part of a pair a token counts to, as models with token_type_ids want it.</summary>
    public ReadOnlySpan<int> TypeIds => _typeIds.AsSpan(0, Count);

    /// <summary>Numbers the words (pieces before the model) of each text from 0; <see cref="NoWord"/> for special tokens.</summary>
    public ReadOnlySpan<int> WordIds => _wordIds.AsSpan(0, Count);

    /// <summary>Where each token stands in its text; (0, 0) for special tokens.</summary>
    public ReadOnlySpan<TextSpan> Offsets => _offsets.AsSpan(0, Count);

    /// <summary>1 for tokens that were put around the text.</summary>
    public ReadOnlySpan<byte> SpecialMask => _specialMask.AsSpan(0, Count);

    /// <summary>0 for tokens of the text, 1 for those of its pair; special tokens count to neither and have 0.</summary>
    public ReadOnlySpan<byte> Sequences => _sequences.AsSpan(0, Count);

    internal void Clear()
    {
        Count = 0;
        IsTruncated = false;
    }

    internal void AddSpecial(int id, int typeId)
    {
        Reserve(1);
        _ids[Count] = id;
        _typeIds[Count] = typeId;
        _wordIds[Count] = NoWord;
        _offsets[Count] = default;
        _specialMask[Count] = 1;
        _sequences[Count++] = 0;
    }

    internal void AddTokens(TokenList tokens, Range range, TemplatePart part)
    {
        (int offset, int count) = range.GetOffsetAndLength(tokens.Count);
        Reserve(count);
        tokens.Ids.Slice(offset, count).CopyTo(_ids.AsSpan(Count));
        tokens.Spans.Slice(offset, count).CopyTo(_offsets.AsSpan(Count));
        tokens.Words.Slice(offset, count).CopyTo(_wordIds.AsSpan(Count));
        _typeIds.AsSpan(Count, count).Fill(part.TypeId);
        _specialMask.AsSpan(Count, count).Clear();
        _sequences.AsSpan(Count, count).Fill((byte)part.Sequence);
        Count += count;
    }

    private void Reserve(int count)
    {
        int length = Count + count;
        if (length <= _ids.Length)
        {
            return;
        }
        Buffers.Grow(ref _ids, length);
        Buffers.Grow(ref _typeIds, _ids.Length);
        Buffers.Grow(ref _wordIds, _ids.Length);
        Buffers.Grow(ref _offsets, _ids.Length);
        Buffers.Grow(ref _specialMask, _ids.Length);
        Buffers.Grow(ref _sequences, _ids.Length);
    }
}
