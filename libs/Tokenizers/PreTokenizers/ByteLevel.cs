using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>GPT-2's pre-tokenizer: perhaps a space before, perhaps its splitting rule, then bytes as characters.</summary>
internal sealed class ByteLevel(bool addsPrefixSpace, bool splits) : IPreTokenizer
{
    public Locality Locality => splits ? Locality.Cutting : Locality.Global;

    public void Apply(PreTokenizedText text)
    {
        if (addsPrefixSpace && LacksSpace(text))
        {
            PrependSpaces(text);
        }
        if (splits)
        {
            Split(text);
        }
        if (!ByteRewriter.TryRewriteAscii(text.Mapped.Units))
        {
            RewriteBytes(text);
        }
    }

    private static bool LacksSpace(PreTokenizedText text)
    {
        foreach (Piece piece in text.Pieces)
        {
            if (!piece.IsToken && text.Text[piece.Start] != ' ')
            {
                return true;
            }
        }
        return false;
    }

    private static void PrependSpaces(PreTokenizedText text)
    {
        MappedText mapped = text.Mapped;
        text.BeginSplit();
        mapped.BeginRewrite();
        foreach (Piece piece in text.Pieces)
        {
            mapped.Skip(piece.Start - mapped.ReadPosition);
            int start = mapped.WritePosition;
            if (!piece.IsToken && mapped.Text[piece.Start] != ' ')
            {
                mapped.InsertBefore(new Rune(' '));
            }
            mapped.Copy(piece.End - piece.Start);
            text.Add(new Piece(start, mapped.WritePosition, piece.Token));
        }
        mapped.Skip(mapped.Length - mapped.ReadPosition);
        mapped.EndRewrite();
        text.EndSplit();
    }

    private static void Split(PreTokenizedText text)
    {
        text.BeginSplit();
        foreach (Piece piece in text.Pieces)
        {
            if (piece.IsToken)
            {
                text.Add(piece);
                continue;
            }
            ReadOnlySpan<char> units = text.Text[..piece.End];
            for (int start = piece.Start; start < units.Length; )
            {
                int end = Gpt2Rule.EndOfPiece(units, start);
                text.Add(start, end);
                start = end;
            }
        }
        text.EndSplit();
    }

    private static void RewriteBytes(PreTokenizedText text)
    {
        MappedText mapped = text.Mapped;
        text.BeginSplit();
        mapped.BeginRewrite();
        foreach (Piece piece in text.Pieces)
        {
            mapped.Skip(piece.Start - mapped.ReadPosition);
            int start = mapped.WritePosition;
            while (mapped.ReadPosition < piece.End)
            {
                ByteRewriter.RewriteRune(mapped);
            }
            text.Add(new Piece(start, mapped.WritePosition, piece.Token));
        }
        mapped.Skip(mapped.Length - mapped.ReadPosition);
        mapped.EndRewrite();
        text.EndSplit();
    }
}
