namespace Serverless.Tokenizers;

/// <summary>A range of UTF-16 code units of the input: [Start, End). Never cuts a surrogate pair.</summary>
public readonly record struct TextSpan(int Start, int End)
{
    public int Length => End - Start;
}
