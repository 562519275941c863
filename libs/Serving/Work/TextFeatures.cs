namespace Serverless.Serving.Work;

/// <summary>What can be counted of a text without a model.</summary>
internal static class TextFeatures
{
    /// <summary>Beyond it only the length is counted, so that the cost is bounded.</summary>
    private const int MaxCharacters = 4_096;

    /// <summary>Length in UTF-16 code units, words of the beginning, and the beginning's shares of kinds of characters, 0 to 1.</summary>
    public static Dictionary<string, double> Of(string text)
    {
        ReadOnlySpan<char> read = text.AsSpan(0, Math.Min(text.Length, MaxCharacters));
        int words = 0,
            letters = 0,
            upper = 0,
            digits = 0,
            spaces = 0,
            foreign = 0;
        bool inWord = false;
        foreach (char c in read)
        {
            bool space = char.IsWhiteSpace(c);
            words += !space && !inWord ? 1 : 0;
            inWord = !space;
            spaces += space ? 1 : 0;
            foreign += c > '\x7f' ? 1 : 0;
            if (char.IsLetter(c))
            {
                letters++;
                upper += char.IsUpper(c) ? 1 : 0;
            }
            else if (char.IsDigit(c))
            {
                digits++;
            }
        }
        double all = Math.Max(1, read.Length);
        return new Dictionary<string, double>
        {
            ["length"] = text.Length,
            ["words"] = words,
            ["digits"] = Share(digits / all),
            ["uppercase"] = Share(upper / (double)Math.Max(1, letters)),
            ["symbols"] = Share((read.Length - letters - digits - spaces) / all),
            ["nonAscii"] = Share(foreign / all),
        };
    }

    private static double Share(double value) => Math.Round(value, 4);
}
