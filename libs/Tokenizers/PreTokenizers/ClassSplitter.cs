using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>Splits at every character of a class: WhitespaceSplit, Punctuation, Digits.</summary>
internal sealed class ClassSplitter(CharClass delimiters, DelimiterBehavior behavior) : IPreTokenizer
{
    public Locality Locality => (delimiters & CharClass.Space) != 0 ? Locality.Cutting : Locality.Local;

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
        ReadOnlySpan<char> units = text.Text[..piece.End];
        var splitter = new DelimiterSplitter(text, piece, behavior);
        int between = piece.Start;
        for (int i = between; i < units.Length; )
        {
            int at = i;
            if ((CharClasses.Next(units, ref i) & delimiters) == 0)
            {
                continue;
            }
            splitter.Add(between, at, isDelimiter: false);
            splitter.Add(at, i, isDelimiter: true);
            between = i;
        }
        splitter.Add(between, units.Length, isDelimiter: false);
        splitter.Finish();
    }
}
