using System.Text.RegularExpressions;

namespace Serverless.Unit.AzureSearch;

/// <summary>Queries in the full syntax, of single words, beginnings and phrases; scored by how many are found.</summary>
internal sealed partial class SearchText
{
    private readonly List<(string[] Words, bool IsPrefix)> _parts = [];

    public static SearchText Parse(string text)
    {
        SearchText query = new();
        foreach (string part in Part().Matches(text).Select(match => match.Value))
        {
            string words = part.Trim('"').TrimEnd('*');
            SearchServer.Check(words.All(c => char.IsLetterOrDigit(c) || c == ' '), $"'{text}' has syntax that is not read here.");
            SearchServer.Check(part is not ("AND" or "OR" or "NOT"), $"'{text}' has an operator.");
            query._parts.Add((Words(words, "text"), part.EndsWith('*')));
        }
        return query;
    }

    public int Terms => _parts.Sum(part => part.Words.Length);

    /// <summary>How many of its parts a text has.</summary>
    public int Score(string? text, string field)
    {
        string[] words = Words(text ?? "", field);
        return _parts.Count(part => Stands(words, [.. part.Words.Select(word => part.IsPrefix ? word : Stem(word, field))], part.IsPrefix));
    }

    public bool IsWhollyIn(string? text, string field) => Score(text, field) == _parts.Count;

    private static bool Stands(string[] words, string[] wanted, bool isPrefix) =>
        Enumerable
            .Range(0, Math.Max(0, words.Length - wanted.Length + 1))
            .Any(start =>
                wanted
                    .Select((word, i) => isPrefix ? words[start + i].StartsWith(word, StringComparison.Ordinal) : words[start + i] == word)
                    .All(same => same)
            );

    private static string[] Words(string text, string field) =>
        [
            .. string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' '))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Stem(word, field)),
        ];

    /// <summary>As much of an analyzer of English as tests need.</summary>
    private static string Stem(string word, string field) => field == "text_en" && word.Length > 3 ? word.TrimEnd('s') : word;

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Part();
}
