namespace Serverless.Tokenizers;

public enum TextSide
{
    Start,
    End,
}

public enum TruncationStrategy
{
    /// <summary>Of a pair the longer text gives way first.</summary>
    LongestFirst,

    OnlyFirst,
    OnlySecond,
}

/// <summary>How a text is encoded. Nothing is cut unless <see cref="MaxTokens"/> asks for it.</summary>
public sealed record EncodeOptions
{
    public static EncodeOptions Default { get; } = new();

    /// <summary>Puts the model's special tokens around the text (default).</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>The most tokens of an encoding, special ones included, which are always kept. Default: no limit.</summary>
    public int MaxTokens { get; init; } = int.MaxValue;

    /// <summary>Which end of the text gives way (default: its end).</summary>
    public TextSide TruncationSide { get; init; } = TextSide.End;

    public TruncationStrategy Strategy { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>How many tokens of a text each window repeats of the one before it; windows only.</summary>
    public int Stride { get; init; }
}
