namespace Serverless.Tokenizers.Loading;

/// <summary>Counts the tokens of one list while they are read, so that what is made of them stays bounded.</summary>
internal sealed class TokenBudget(string path, TokenizerLimits limits)
{
    private int _tokens;
    private long _characters;

    /// <exception cref="TokenizerException">The token is too long, or there are too many, or too much of them together.</exception>
    public void Take(string token)
    {
        if (token.Length > limits.MaxTokenLength)
        {
            throw new TokenizerException($"{path} has a token of {token.Length} characters; at most {limits.MaxTokenLength} are allowed.");
        }
        if (++_tokens > limits.MaxVocabulary)
        {
            throw new TokenizerException($"{path} has more than {limits.MaxVocabulary} tokens; no more are allowed.");
        }
        if ((_characters += token.Length) > limits.MaxVocabularyCharacters)
        {
            throw new TokenizerException(
                $"{path} has tokens of more than {limits.MaxVocabularyCharacters} characters together; no more are allowed."
            );
        }
    }
}
