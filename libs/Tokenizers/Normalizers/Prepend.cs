using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>Puts a string before every text that is not empty.</summary>
internal sealed class Prepend(string prefix) : INormalizer
{
    public bool IsLocal => false;

    public void Normalize(MappedText text)
    {
        if (text.Length == 0)
        {
            return;
        }
        text.BeginRewrite();
        foreach (Rune rune in prefix.EnumerateRunes())
        {
            text.InsertBefore(rune);
        }
        text.EndRewrite();
    }
}
