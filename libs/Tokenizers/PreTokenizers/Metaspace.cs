using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

internal enum PrependScheme
{
    Never,

    /// <summary>Only where the input begins.</summary>
    First,

    Always,
}

/// <summary>SentencePiece's pre-tokenizer: spaces become visible (U+2581), one is put before, and each begins a piece.</summary>
internal sealed class Metaspace(char replacement, PrependScheme scheme, bool splits) : IPreTokenizer
{
    public Locality Locality => splits ? Locality.Cutting : Locality.Global;

    public void Apply(PreTokenizedText text)
    {
        MappedText mapped = text.Mapped;
        foreach (Piece piece in text.Pieces)
        {
            if (!piece.IsToken)
            {
                mapped.Units[piece.Start..piece.End].Replace(' ', replacement);
            }
        }
        if (NeedsPrefix(text))
        {
            Prepend(text);
        }
        if (splits)
        {
            Split(text);
        }
    }

    private bool NeedsPrefix(PreTokenizedText text)
    {
        foreach (Piece piece in text.Pieces)
        {
            if (NeedsPrefix(text, piece))
            {
                return true;
            }
        }
        return false;
    }

    private bool NeedsPrefix(PreTokenizedText text, Piece piece) =>
        !piece.IsToken
        && scheme != PrependScheme.Never
        && text.Text[piece.Start] != replacement
        && (scheme == PrependScheme.Always || text.Mapped.SourceOf(piece.Start).Start == 0);

    private void Prepend(PreTokenizedText text)
    {
        MappedText mapped = text.Mapped;
        text.BeginSplit();
        mapped.BeginRewrite();
        foreach (Piece piece in text.Pieces)
        {
            mapped.Skip(piece.Start - mapped.ReadPosition);
            int start = mapped.WritePosition;
            if (NeedsPrefix(text, piece))
            {
                mapped.InsertBefore(new Rune(replacement));
            }
            mapped.Copy(piece.End - piece.Start);
            text.Add(new Piece(start, mapped.WritePosition, piece.Token));
        }
        mapped.Skip(mapped.Length - mapped.ReadPosition);
        mapped.EndRewrite();
        text.EndSplit();
    }

    private void Split(PreTokenizedText text)
    {
        text.BeginSplit();
        foreach (Piece piece in text.Pieces)
        {
            if (piece.IsToken)
            {
                text.Add(piece);
                continue;
            }
            int start = piece.Start;
            while (start < piece.End)
            {
                int next = text.Text[(start + 1)..piece.End].IndexOf(replacement);
                int end = next < 0 ? piece.End : start + 1 + next;
                text.Add(start, end);
                start = end;
            }
        }
        text.EndSplit();
    }
}
