using Serverless.Tokenizers.Patterns;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>Splits at the matches of a pattern, or, inverted, at what lies between them.</summary>
internal sealed class PatternSplitter(Pattern pattern, DelimiterBehavior behavior, bool isInverted) : IPreTokenizer
{
    public Locality Locality => Locality.Global;

    public void Apply(PreTokenizedText text)
    {
        text.BeginSplit();
        foreach (Piece piece in text.Pieces)
        {
            if (piece.IsToken)
            {
                text.Add(piece);
            }
            else
            {
                Split(text, piece);
            }
        }
        text.EndSplit();
    }

    private void Split(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> units = text.Text[piece.Start..piece.End];
        MatchStack stack = text.Mapped.Matching;
        var splitter = new DelimiterSplitter(text, piece, behavior);
        int position = 0;
        while (position < units.Length && pattern.TryFind(units, position, stack, out TextSpan match))
        {
            splitter.Add(piece.Start + position, piece.Start + match.Start, isDelimiter: isInverted);
            splitter.Add(piece.Start + match.Start, piece.Start + match.End, isDelimiter: !isInverted);
            position = match.End;
        }
        splitter.Add(piece.Start + position, piece.End, isDelimiter: isInverted);
        splitter.Finish();
    }
}
