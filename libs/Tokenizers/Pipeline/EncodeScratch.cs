using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.PreTokenizers;

namespace Serverless.Tokenizers.Pipeline;

/// <summary>All that one encoding works in, kept for the next. One thread at a time.</summary>
internal sealed class EncodeScratch
{
    private const int MaxKeptUnits = 1 << 20;

    public PreTokenizedText Text { get; } = new();

    public ModelScratch Model { get; } = new();

    public TokenList First { get; } = new();

    public TokenList Second { get; } = new();

    public void Trim()
    {
        Text.Trim(MaxKeptUnits);
        Model.Trim(MaxKeptUnits);
        First.Trim(MaxKeptUnits);
        Second.Trim(MaxKeptUnits);
    }
}
