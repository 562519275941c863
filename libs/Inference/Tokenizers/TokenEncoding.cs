using System.Numerics;
using Serverless.Inference.Tokenizers.Models;
using Serverless.Inference.Tokenizers.PostProcessors;
using Serverless.Inference.Tokenizers.Text;

namespace Serverless.Inference.Tokenizers;

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

    /// <summary>Writes the ids into a row of an int32 or int64 tensor, and padding into the rest of it.</summary>
    public void WriteIds<T>(Span<T> row, PaddingSettings padding) where T : unmanaged, IBinaryInteger<T> =>
        WriteRow(Ids, row, T.CreateChecked(padding.PadId), padding.Side);

    /// <summary>Writes the token types into a row of a tensor, and padding into the rest of it.</summary>
    public void WriteTypeIds<T>(Span<T> row, PaddingSettings padding) where T : unmanaged, IBinaryInteger<T> =>
        WriteRow(TypeIds, row, T.CreateChecked(padding.PadTypeId), padding.Side);

    /// <summary>Writes the attention mask into a row of a tensor: 1 for tokens, 0 for padding.</summary>
    public void WriteMask<T>(Span<T> row, PaddingSettings padding) where T : unmanaged, IBinaryInteger<T>
    {
        int start = StartIn(row.Length, padding.Side);
        row.Clear();
        row.Slice(start, Count).Fill(T.One);
    }

    private void WriteRow<T>(ReadOnlySpan<int> values, Span<T> row, T padding, TextSide side) where T : unmanaged, IBinaryInteger<T>
    {
        int start = StartIn(row.Length, side);
        row[..start].Fill(padding);
        Span<T> target = row.Slice(start, values.Length);
        for (int i = 0; i < values.Length; i++)
            target[i] = T.CreateTruncating(values[i]);
        row[(start + values.Length)..].Fill(padding);
    }

    private int StartIn(int rowLength, TextSide side)
    {
        if (rowLength < Count)
            throw new ArgumentException($"A row of {rowLength} cannot take {Count} tokens.");
        return side == TextSide.Start ? rowLength - Count : 0;
    }

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
            return;
        Buffers.Grow(ref _ids, length);
        Buffers.Grow(ref _typeIds, _ids.Length);
        Buffers.Grow(ref _wordIds, _ids.Length);
        Buffers.Grow(ref _offsets, _ids.Length);
        Buffers.Grow(ref _specialMask, _ids.Length);
        Buffers.Grow(ref _sequences, _ids.Length);
    }
}
