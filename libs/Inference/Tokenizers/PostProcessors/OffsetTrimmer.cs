using Serverless.Inference.Tokenizers.Models;
using Serverless.Inference.Tokenizers.PreTokenizers;

namespace Serverless.Inference.Tokenizers.PostProcessors;

/// <summary>Takes out of each token's offsets the white space that the token begins and ends with ("Ġword" then stands for the word alone).</summary>
internal sealed class OffsetTrimmer
{
    private readonly bool _addsPrefixSpace;
    private readonly byte[] _leading;
    private readonly byte[] _trailing;

    public OffsetTrimmer(Vocabulary vocabulary, bool addsPrefixSpace)
    {
        _addsPrefixSpace = addsPrefixSpace;
        _leading = new byte[vocabulary.Size];
        _trailing = new byte[vocabulary.Size];
        for (int id = 0; id < vocabulary.Size; id++)
        {
            string token = vocabulary.TokenOf(id) ?? "";
            _leading[id] = (byte)Math.Min(byte.MaxValue, token.TakeWhile(IsSpace).Count());
            _trailing[id] = (byte)Math.Min(byte.MaxValue, token.Reverse().TakeWhile(IsSpace).Count());
        }
    }

    private static bool IsSpace(char unit) => unit == ByteAlphabet.Space || char.IsWhiteSpace(unit);

    public void Trim(TokenList tokens)
    {
        Span<TextSpan> spans = tokens.Spans;
        for (int i = 0; i < spans.Length; i++)
        {
            int id = tokens.Ids[i];
            if (id >= _leading.Length || (_leading[id] | _trailing[id]) == 0)
                continue;
            (int start, int end) = spans[i];
            // The one space that was put before the text is not in it.
            bool isAdded = _addsPrefixSpace && _leading[id] == 1 && (i == 0 || start == 0);
            if (!isAdded)
                start = Math.Min(start + _leading[id], end);
            if (end >= _trailing[id])
                end = Math.Max(end - _trailing[id], start);
            spans[i] = new(start, end);
        }
    }
}
