using System.Collections.Frozen;
using Serverless.Tokenizers.AddedTokens;
using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.PreTokenizers;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PostProcessors;

/// <summary>
/// Takes out of each token's offsets the white space that the token begins and ends with ("Ġword" then stands for the word alone).
/// </summary>
internal sealed class OffsetTrimmer
{
    private readonly bool _addsPrefixSpace;
    private readonly byte[] _leading;
    private readonly byte[] _trailing;

    private readonly FrozenSet<int> _addedIds;

    public OffsetTrimmer(Vocabulary vocabulary, IEnumerable<AddedToken> addedTokens, bool addsPrefixSpace)
    {
        _addedIds = addedTokens.Select(token => token.Id).ToFrozenSet();
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

    public void Trim(TokenList tokens, ReadOnlySpan<char> text)
    {
        Span<TextSpan> spans = tokens.Spans;
        for (int i = 0; i < spans.Length; i++)
        {
            int id = tokens.Ids[i];
            (int start, int end) = spans[i];
            (int leading, int trailing) = id < _leading.Length ? (_leading[id], _trailing[id]) : (0, 0);
            if (_addedIds.Contains(id))
            {
                (leading, trailing) = CountSpaces(text[start..end]);
            }
            // The one space that was put before the text is not in it.
            if (_addsPrefixSpace && leading == 1 && (i == 0 || start == 0))
            {
                leading = 0;
            }
            // By runes: where a space was put before the text, what is taken off need not be one.
            for (; leading > 0 && start < end; leading--)
            {
                start += Runes.FirstLength(text[start..]);
            }
            for (; trailing > 0 && end > start; trailing--)
            {
                end -= Runes.LastLength(text[..end]);
            }
            spans[i] = new(start, end);
        }
    }

    /// <summary>An added token may have taken white space that is not its own.</summary>
    private static (int Leading, int Trailing) CountSpaces(ReadOnlySpan<char> text) =>
        (text.Length - text.TrimStart().Length, text.Length - text.TrimEnd().Length);
}
