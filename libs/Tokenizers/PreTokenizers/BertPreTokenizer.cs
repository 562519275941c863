using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>Drops white space and sets each punctuation mark apart.</summary>
internal sealed class BertPreTokenizer : IPreTokenizer
{
    public Locality Locality => Locality.Cutting;

    public void Apply(PreTokenizedText text)
    {
        ReadOnlySpan<char> units = text.Text;
        text.BeginSplit();
        foreach (Piece piece in text.Pieces)
        {
            if (piece.IsToken)
            {
                text.Add(piece);
            }
            else
            {
                Split(text, units[..piece.End], piece.Start);
            }
        }
        text.EndSplit();
    }

    private static void Split(PreTokenizedText text, ReadOnlySpan<char> units, int start)
    {
        const CharClass Boundary = CharClass.Space | CharClass.Punctuation;
        int word = start;
        for (int i = start; i < units.Length; )
        {
            int at = i;
            CharClass found = CharClasses.Next(units, ref i) & Boundary;
            if (found == 0)
            {
                continue;
            }
            text.Add(word, at);
            if (found != CharClass.Space)
            {
                text.Add(at, i);
            }
            word = i;
        }
        text.Add(word, units.Length);
    }
}
