using System.Buffers;
using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.AddedTokens;

/// <summary>Finds added tokens in a text: the leftmost, of several there the longest. Immutable; any thread.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly AddedToken[] _tokens;
    private readonly Trie _trie;
    private readonly SearchValues<char> _beginnings;

    /// <summary>The tokens, each with the form that it is looked for in.</summary>
    public AddedTokenMatcher(IReadOnlyList<(string Form, AddedToken Token)> tokens)
    {
        var sought = tokens.Where(pair => pair.Form.Length > 0).ToArray();
        _tokens = [.. sought.Select(pair => pair.Token)];
        _trie = TrieBuilder.Build(sought.Select((pair, i) => (pair.Form, i)));
        _beginnings = SearchValues.Create([.. sought.Select(pair => pair.Form[0])]);
    }

    public bool IsEmpty => _tokens.Length == 0;

    /// <summary>True when what is found never depends on more than the token's own characters, nor reaches across a space.</summary>
    public bool IsLocal =>
        Array.TrueForAll(_tokens, token =>
            !token.SingleWord && !token.LeftStrip && !token.RightStrip && !token.Content.Any(char.IsWhiteSpace)
        );

    /// <summary>
    /// The first match at or after <paramref name="from"/>; its range includes the white space it takes, of which none before
    /// <paramref name="from"/>.
    /// </summary>
    public bool TryFind(ReadOnlySpan<char> text, int from, out TextSpan match, out AddedToken token)
    {
        for (int at = from; !IsEmpty; at++)
        {
            int next = at < text.Length ? text[at..].IndexOfAny(_beginnings) : -1;
            if (next < 0)
            {
                break;
            }
            at += next;
            int found = _trie.FindLongest(Trie.Root, text[at..], out int length);
            if (found < 0)
            {
                continue;
            }
            token = _tokens[found];
            if (token.SingleWord && (Words.EndsWithWord(text[..at]) || Words.StartsWithWord(text[(at + length)..])))
            {
                at += length - 1;
                continue;
            }
            match = new(at, at + length);
            if (token.LeftStrip)
            {
                match = match with { Start = Math.Max(from, text[..at].TrimEnd().Length) };
            }
            if (token.RightStrip)
            {
                match = match with { End = text.Length - text[match.End..].TrimStart().Length };
            }
            return true;
        }
        (match, token) = (default, null!);
        return false;
    }
}
