using System.Text;
using Serverless.Tokenizers;

namespace Serverless.Words;

/// <summary>
/// Texts that look alike are the same words: an accent is one with its letter (NFC), as keyboards write it and file names of macOS do not,
/// and a soft hyphen, which only says where a line may break, is none. Queries and what they are held against are read like this.
/// </summary>
public static class WordForm
{
    private const string SoftHyphen = "\u00AD";

    public static string Of(string text) =>
        Ascii.IsValid(text) ? text : UnicodeForm.Compose(text.Replace(SoftHyphen, "", StringComparison.Ordinal));
}
