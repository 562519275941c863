using Serverless.Tokenizers.AddedTokens;
using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.Normalizers;
using Serverless.Tokenizers.PreTokenizers;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Pipeline;

/// <summary>
/// From text to tokens: added tokens are found, the text between them is normalized, cut into pieces and put through the model. Immutable;
/// any thread.
/// </summary>
internal sealed class TextPipeline
{
    private readonly INormalizer? _normalizer;
    private readonly IPreTokenizer? _preTokenizer;
    private readonly IModel _model;
    private readonly AddedTokenMatcher _rawTokens;
    private readonly AddedTokenMatcher _normalizedTokens;
    private readonly bool _worksInSegments;

    public TextPipeline(INormalizer? normalizer, IPreTokenizer? preTokenizer, IModel model, IReadOnlyList<AddedToken> addedTokens)
    {
        _normalizer = normalizer;
        _preTokenizer = preTokenizer;
        _model = model;
        _rawTokens = new([.. addedTokens.Where(token => !token.Normalized).Select(token => (token.Content, token))]);
        _normalizedTokens = new([.. addedTokens.Where(token => token.Normalized).Select(token => (Normalize(token.Content), token))]);
        _worksInSegments = normalizer?.IsLocal != false && preTokenizer?.Locality == Locality.Cutting && _normalizedTokens.IsLocal;
    }

    private string Normalize(string text)
    {
        var mapped = new MappedText();
        mapped.Load(text, 0);
        _normalizer?.Normalize(mapped);
        return mapped.Text.ToString();
    }

    /// <summary>Adds the tokens of a text, and may stop once there are <paramref name="enough"/>.</summary>
    public void Run(ReadOnlySpan<char> text, TokenList tokens, EncodeScratch scratch, int enough)
    {
        var run = new SegmentReader(text, _rawTokens, _worksInSegments);
        int word = 0;
        while (tokens.Count < enough && run.TryRead(out TextSpan segment, out AddedToken? token))
        {
            if (token == null)
            {
                RunSegment(text[segment.Start..segment.End], segment.Start, tokens, scratch, ref word);
            }
            else
            {
                AddToken(token.Id, segment, tokens, ref word);
            }
        }
    }

    /// <summary>Counts as <see cref="Run"/> adds, without keeping the tokens.</summary>
    public int Count(ReadOnlySpan<char> text, EncodeScratch scratch)
    {
        var run = new SegmentReader(text, _rawTokens, _worksInSegments);
        int count = 0,
            word = 0;
        while (run.TryRead(out TextSpan segment, out AddedToken? token))
        {
            scratch.First.Clear();
            if (token == null)
            {
                RunSegment(text[segment.Start..segment.End], segment.Start, scratch.First, scratch, ref word);
            }
            count += token == null ? scratch.First.Count : 1;
        }
        return count;
    }

    private static void AddToken(int id, TextSpan span, TokenList tokens, ref int word)
    {
        tokens.Add(id, span.Start, span.End);
        tokens.SetWord(tokens.Count - 1, word++);
    }

    private void RunSegment(ReadOnlySpan<char> input, int origin, TokenList tokens, EncodeScratch scratch, ref int word)
    {
        PreTokenizedText text = scratch.Text;
        text.Mapped.Load(input, origin);
        _normalizer?.Normalize(text.Mapped);
        if (_normalizedTokens.IsEmpty)
        {
            text.StartWhole();
        }
        else
        {
            CutOutTokens(text);
        }
        _preTokenizer?.Apply(text);
        int first = tokens.Count;
        ReadOnlySpan<char> units = text.Text;
        foreach (Piece piece in text.Pieces)
        {
            int before = tokens.Count;
            if (piece.IsToken)
            {
                tokens.Add(piece.Token, piece.Start, piece.End);
            }
            else
            {
                _model.Tokenize(units[piece.Start..piece.End], piece.Start, tokens, scratch.Model);
            }
            tokens.SetWord(before, word++);
        }
        foreach (ref TextSpan span in tokens.Spans[first..])
        {
            span = text.Mapped.SourceOf(span.Start, span.End);
        }
    }

    private void CutOutTokens(PreTokenizedText text)
    {
        text.BeginSplit();
        int position = 0;
        while (_normalizedTokens.TryFind(text.Text, position, out TextSpan match, out AddedToken token))
        {
            text.Add(position, match.Start);
            text.Add(new Piece(match.Start, match.End, token.Id));
            position = match.End;
        }
        text.Add(position, text.Text.Length);
        text.EndSplit();
    }
}
