using System.Text;
using Serverless.Tokenizers.Normalizers;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers;

/// <summary>Normal form C (UAX #15), which the runtime does not make where globalization is invariant. Thread-safe.</summary>
public static class UnicodeForm
{
    private static readonly UnicodeNormalizer Composer = new(NormalizationForm.FormC);

    /// <summary>Each letter is one character with its accents; half a character becomes U+FFFD.</summary>
    public static string Compose(string text)
    {
        MappedText mapped = new();
        mapped.Load(text, 0);
        Composer.Normalize(mapped);
        return mapped.Text.ToString();
    }
}
