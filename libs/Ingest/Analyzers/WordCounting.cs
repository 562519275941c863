namespace Serverless.Ingest.Analyzers;

internal static class WordCounting
{
    /// <summary>Runs of letters and digits; a script without spaces counts a run of its letters as one word.</summary>
    public static int CountWords(this ReadOnlySpan<char> text)
    {
        int words = 0;
        bool inWord = false;
        foreach (char c in text)
        {
            bool letter = char.IsLetterOrDigit(c) || char.IsSurrogate(c) || inWord && c is ('\'' or '’');
            if (letter && !inWord)
            {
                words++;
            }
            inWord = letter;
        }
        return words;
    }
}
