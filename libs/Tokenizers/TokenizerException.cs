namespace Serverless.Tokenizers;

/// <summary>
/// A tokenizer's files are not what they must be, or the tokenizer they make cannot encode a text. The message says what was found and
/// what is allowed; trying again will not help.
/// </summary>
public sealed class TokenizerException(string message, Exception? cause = null) : Exception(message, cause);
