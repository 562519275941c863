using Serverless.Tokenizers.Patterns;

namespace Serverless.Tokenizers.Loading;

internal static class PatternReader
{
    /// <summary>{"String": literal}, {"Regex": expression}, or a literal by itself.</summary>
    public static Pattern Read(FileElement element)
    {
        if (element.IsString)
        {
            return Pattern.OfLiteral(element.Text());
        }
        if (!element["String"].IsNull)
        {
            return Pattern.OfLiteral(element["String"].Text());
        }
        if (element["Regex"].IsNull)
        {
            throw element.Reject("a String or a Regex");
        }
        return Pattern.OfExpression(element["Regex"].Text());
    }
}
