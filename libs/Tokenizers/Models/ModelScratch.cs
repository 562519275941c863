namespace Serverless.Tokenizers.Models;

/// <summary>
/// What models need while they work, kept from text to text. One thread at a time, and one model for all its life (the cache is of that
/// model's words).
/// </summary>
internal sealed class ModelScratch
{
    public WordCache Words { get; } = new();

    public MergeBuffer Merges { get; } = new();

    public ViterbiBuffer Paths { get; } = new();

    public void Trim(int maxLength)
    {
        Merges.Trim(maxLength);
        Paths.Trim(maxLength);
    }
}
