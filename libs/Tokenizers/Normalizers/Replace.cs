using System.Text;
using Serverless.Tokenizers.Patterns;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>Puts a string in place of every match of a pattern.</summary>
internal sealed class Replace(Pattern pattern, string content) : INormalizer
{
    public bool IsLocal => pattern.Literal?.Length == 1;

    public void Normalize(MappedText text)
    {
        if (!pattern.TryFind(text.Text, 0, text.Matching, out TextSpan match))
        {
            return;
        }
        if (pattern.Literal is [var old] && content is [var replacement])
        {
            text.Units.Replace(old, replacement);
            return;
        }
        text.BeginRewrite();
        do
        {
            text.Copy(match.Start - text.ReadPosition);
            text.Skip(match.Length);
            foreach (Rune rune in content.EnumerateRunes())
            {
                text.InsertAfter(rune);
            }
        } while (pattern.TryFind(text.Text, text.ReadPosition, text.Matching, out match));
        text.EndRewrite();
    }
}
