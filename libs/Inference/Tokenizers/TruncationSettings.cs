namespace Serverless.Inference.Tokenizers;

/// <summary>How the tokenizer's file would truncate. It is not applied by itself: pass <see cref="ToOptions"/> to have it so.</summary>
public sealed record TruncationSettings(int MaxTokens, TextSide Side, TruncationStrategy Strategy, int Stride)
{
    public EncodeOptions ToOptions() => new() { MaxTokens = MaxTokens, TruncationSide = Side, Strategy = Strategy, Stride = Stride };
}
