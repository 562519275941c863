using Serverless.Tokenizers;

namespace Serverless.Inference.Text;

/// <summary>A token's place in its text, its word, its best label and that label's probability.</summary>
internal readonly record struct LabelledToken(TextSpan Place, int Word, int Label, float Score);

/// <summary>
/// Joins labelled tokens to entities. A word takes the label of its first piece (the strategy "first": models are trained on first
/// pieces, the others being ignored in the loss); an entity's score is the mean over its words. Tokenizers divide at spaces, so that in a
/// script without them a "word" may be a whole sentence: there each piece is a word.
/// </summary>
internal sealed class EntityAggregator(IReadOnlyList<string> labels)
{
    private readonly EntityLabel[] _labels = [.. labels.Select(EntityLabel.Parse)];

    public List<EntitySpan> Aggregate(ReadOnlySpan<char> text, ReadOnlySpan<LabelledToken> tokens)
    {
        var entities = new List<EntitySpan>();
        var open = default(OpenEntity);
        for (int first = 0, next; first < tokens.Length; first = next)
        {
            for (next = first + 1; next < tokens.Length && IsSameWord(text, tokens[next - 1], tokens[next]); )
            {
                next++;
            }
            EntityLabel label = _labels[tokens[first].Label];
            if (open.Type is not null && (label.Begins || label.Type != open.Type))
            {
                Close(text, ref open, entities);
            }
            if (label.Type is null)
            {
                continue;
            }
            open = open.Type is null ? new OpenEntity(label.Type, tokens[first].Place.Start) : open;
            open.Words++;
            open.Score += tokens[first].Score;
            open.End = EndOfWord(text, tokens[first..next]);
            if (label.Ends)
            {
                Close(text, ref open, entities);
            }
        }
        if (open.Type is not null)
        {
            Close(text, ref open, entities);
        }
        return entities;
    }

    private static bool IsSameWord(ReadOnlySpan<char> text, LabelledToken before, LabelledToken after)
    {
        (TextSpan left, TextSpan right) = (before.Place, after.Place);
        bool shareACharacter = right.Start < left.End; // pieces of its bytes
        return before.Word == after.Word
            && (shareACharacter || !UnspacedScripts.MayBreakBetween(text[left.Start..left.End], text[right.Start..right.End]));
    }

    /// <summary>
    /// Where only spaces separate words, "London," is one: final punctuation that the model itself puts outside is left off.
    /// </summary>
    private int EndOfWord(ReadOnlySpan<char> text, ReadOnlySpan<LabelledToken> word)
    {
        while (word.Length > 1 && _labels[word[^1].Label].Type is null && IsPunctuation(text[word[^1].Place.Start..word[^1].Place.End]))
        {
            word = word[..^1];
        }
        return word[^1].Place.End;
    }

    private static bool IsPunctuation(ReadOnlySpan<char> piece)
    {
        foreach (char c in piece)
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
            {
                return false;
            }
        }
        return true;
    }

    private static void Close(ReadOnlySpan<char> text, ref OpenEntity open, List<EntitySpan> entities)
    {
        int start = open.Start,
            end = open.End;
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }
        if (end > start)
        {
            entities.Add(new EntitySpan(start, end - start, open.Type!, open.Score / open.Words));
        }
        open = default;
    }

    private struct OpenEntity(string type, int start)
    {
        public readonly string? Type = type;
        public readonly int Start = start;
        public int End;
        public int Words;
        public float Score;
    }
}
