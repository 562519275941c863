using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>Keeps runs of word characters and runs of other marks, \w+|[^\w\s]+, and drops white space.</summary>
internal sealed class Whitespace : IPreTokenizer
{
    public Locality Locality => Locality.Cutting;

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

    private static void Split(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> units = text.Text[..piece.End];
        int start = piece.Start;
        CharClass run = CharClass.Space;
        for (int i = start; i < units.Length; )
        {
            int at = i;
            CharClass found = CharClasses.Next(units, ref i) & (CharClass.Word | CharClass.Space);
            if (found == run)
            {
                continue;
            }
            if (run != CharClass.Space)
            {
                text.Add(start, at);
            }
            (start, run) = (at, found);
        }
        if (run != CharClass.Space)
        {
            text.Add(start, units.Length);
        }
    }
}
