using Serverless.Media.Text;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Joins sentences to passages of at most a number of tokens, so that no passage is cut off by the embedding model. A sentence that is
/// too long alone is halved at the space nearest its middle until its parts fit.
/// </summary>
/// <param name="countTokens">Tokens of a piece of text, without the marks that a model adds around its input.</param>
public sealed class PassageSplitter(PassageSplitter.TokenCounter countTokens, int maxTokens)
{
    public delegate int TokenCounter(ReadOnlySpan<char> text);

    /// <summary>A passage as a range of the normalised text.</summary>
    public readonly record struct Passage(TextRange Range, int Tokens);

    /// <param name="mayJoin">Whether a passage may reach over a range; where it is not given, the tokens alone decide.</param>
    public IReadOnlyList<Passage> Split(string text, IReadOnlyList<TextRange> sentences, Predicate<TextRange>? mayJoin = null)
    {
        List<Passage> passages = [];
        Passage? open = null;
        foreach (Passage piece in sentences.SelectMany(sentence => Pieces(text, sentence)))
        {
            if (open is { } passage && passage.Tokens + piece.Tokens <= maxTokens)
            {
                TextRange joined = new(passage.Range.Start, piece.Range.End - passage.Range.Start);
                if (mayJoin is null || mayJoin(joined))
                {
                    open = new Passage(joined, passage.Tokens + piece.Tokens);
                    continue;
                }
            }
            if (open is { } full)
            {
                passages.Add(full);
            }
            open = piece;
        }
        if (open is { } last)
        {
            passages.Add(last);
        }
        return passages;
    }

    private IEnumerable<Passage> Pieces(string text, TextRange range)
    {
        int tokens = countTokens(text.AsSpan(range.Start, range.Length));
        if (tokens <= maxTokens || range.Length < 2)
        {
            return tokens == 0 ? [] : [new Passage(range, tokens)];
        }
        int cut = CutOf(text, range);
        return Pieces(text, new TextRange(range.Start, cut - range.Start)).Concat(Pieces(text, new TextRange(cut, range.End - cut)));
    }

    private static int CutOf(string text, TextRange range)
    {
        int middle = range.Start + range.Length / 2;
        for (int distance = 0; distance < range.Length / 2; distance++)
        {
            if (text[middle + distance] == ' ' && middle + distance + 1 < range.End)
            {
                return middle + distance + 1;
            }
            if (text[middle - distance] == ' ')
            {
                return middle - distance + 1;
            }
        }
        return char.IsLowSurrogate(text[middle]) && middle - 1 > range.Start ? middle - 1 : middle;
    }
}
