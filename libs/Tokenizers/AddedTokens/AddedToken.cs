namespace Serverless.Tokenizers.AddedTokens;

/// <summary>A token that is found in the text itself, before any model sees it. As in the file's added_tokens.</summary>
public sealed record AddedToken(int Id, string Content)
{
    /// <summary>Has a meaning to the model rather than to a reader: left out when decoding.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Not found within a word.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes the white space before it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Takes the white space after it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Looked for in the normalized text, in its own normalized form.</summary>
    public bool Normalized { get; init; }
}
