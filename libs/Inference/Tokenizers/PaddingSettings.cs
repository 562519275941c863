namespace Serverless.Inference.Tokenizers;

/// <summary>How rows of unequal length are filled, as the tokenizer's files say.</summary>
public sealed record PaddingSettings(int PadId, int PadTypeId = 0)
{
    public TextSide Side { get; init; } = TextSide.End;

    /// <summary>Every row has this length; null: that of the longest.</summary>
    public int? FixedLength { get; init; }

    public int? MultipleOf { get; init; }

    /// <summary>The length of the rows of a batch whose longest encoding has <paramref name="longest"/> tokens.</summary>
    public int RowLength(int longest)
    {
        int length = Math.Max(longest, FixedLength ?? 0);
        return MultipleOf is { } factor and > 1 ? (length + factor - 1) / factor * factor : length;
    }
}
