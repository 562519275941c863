namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>What becomes of what a splitting pattern matches.</summary>
internal enum DelimiterBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,

    /// <summary>Matches that touch are one piece.</summary>
    Contiguous,
}
