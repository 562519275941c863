namespace Serverless.Runs;

/// <summary>Beginnings of payloads, so that an entry has a bounded size.</summary>
public static class RunText
{
    /// <summary>UTF-16 code units of an input, an output, a custom status or a failure that are kept, and so can be searched.</summary>
    public const int MaxCharacters = 400;

    /// <summary>Of a tag's name and of its value; a longer one is cut.</summary>
    public const int MaxTagCharacters = 200;

    public const int MaxTags = 16;

    public static string? Excerpt(string? text, int maxCharacters = MaxCharacters)
    {
        if (string.IsNullOrEmpty(text) || text.Length <= maxCharacters)
        {
            return string.IsNullOrEmpty(text) ? null : text;
        }
        // Half of a pair has no form in UTF-8.
        return text[..(char.IsHighSurrogate(text[maxCharacters - 1]) ? maxCharacters - 1 : maxCharacters)];
    }
}
