namespace Serverless.Tokenizers.Models;

/// <summary>A model's tokens by number and numbers by token. Ids may have gaps. Immutable; any thread.</summary>
internal sealed class Vocabulary
{
    private readonly string?[] _tokens;

    /// <summary>Of tokens that share an id the last is kept; ids were checked to be within limits.</summary>
    public Vocabulary(IReadOnlyList<(string Token, int Id)> entries)
    {
        _tokens = new string?[entries.Count == 0 ? 0 : entries.Max(entry => entry.Id) + 1];
        foreach ((string token, int id) in entries)
        {
            _tokens[id] = token;
        }
        Trie = TrieBuilder.Build(entries);
    }

    public Trie Trie { get; }

    /// <summary>One more than the highest id.</summary>
    public int Size => _tokens.Length;

    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    public int? IdOf(ReadOnlySpan<char> token) => Trie.Find(token) is var id and >= 0 ? id : null;

    /// <summary>
    /// Ids of &lt;0x00&gt; to &lt;0xFF&gt;, or null if any of them is missing: bytes then cannot stand in for unknown characters.
    /// </summary>
    public int[]? FindByteTokens()
    {
        var ids = new int[256];
        for (int i = 0; i < ids.Length; i++)
        {
            if (IdOf($"<0x{i:X2}>") is not { } id)
            {
                return null;
            }
            ids[i] = id;
        }
        return ids;
    }
}
