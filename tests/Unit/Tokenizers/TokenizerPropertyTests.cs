using FsCheck;
using FsCheck.Fluent;
using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Tokenizers;

/// <summary>
/// What holds for every text, tried on texts that are glued together from pieces of the corpus and odd characters; the seed is fixed.
/// </summary>
public class TokenizerPropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(2024, 7);

    public static TheoryData<string> Names => [.. TokenizerData.Own];

    /// <summary>
    /// Without gpt2-prefix: it puts a space before each of several pieces of one word, and the reference library then trims that space
    /// off the offsets of the character that follows.
    /// </summary>
    public static TheoryData<string> NamesWithWholeOffsets => [.. TokenizerData.Own.Where(name => name != "gpt2-prefix")];

    private static Arbitrary<string> Texts()
    {
        string[] corpus = TokenizerData.Corpus;
        Gen<string> part = Gen.OneOf(
            Gen.Elements(corpus).Select(text => text.Length > 40 ? text[..40] : text),
            Gen.Elements(" ", "  ", "\n", "\t", "<mask>", "[MASK]", "</s>", "\u0301", "\ud83d", "\ude00", "\u200d", "한", "字", "\0"),
            Gen.Choose(0, char.MaxValue).Select(unit => ((char)unit).ToString())
        );
        return Gen.ListOf(part).Select(string.Concat).ToArbitrary();
    }

    private static void Check(Action<string> property) => Prop.ForAll(Texts(), property).Check(Runs);

    [Theory]
    [MemberData(nameof(NamesWithWholeOffsets))]
    public void Offsets_LieInTheTextAndRise(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        var encoding = new TokenEncoding();

        Check(text =>
        {
            tokenizer.Encode(text, encoding);

            int start = 0,
                word = -1;
            for (int i = 0; i < encoding.Count; i++)
            {
                if (encoding.SpecialMask[i] == 1)
                {
                    continue;
                }
                TextSpan span = encoding.Offsets[i];
                Assert.InRange(span.End, span.Start, text.Length);
                Assert.True(span.Start >= start && encoding.WordIds[i] >= word, $"token {i} of {text.Length} units goes back");
                Assert.False(CutsPair(text, span.Start) || CutsPair(text, span.End), $"token {i} cuts a surrogate pair");
                (start, word) = (span.Start, encoding.WordIds[i]);
            }
        });
    }

    private static bool CutsPair(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);

    [Theory]
    [InlineData("roberta")]
    [InlineData("llama3")]
    [InlineData("llama2")]
    public void Tokens_CoverAllButWhiteSpace(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        var encoding = new TokenEncoding();

        Check(text =>
        {
            tokenizer.Encode(text, encoding);

            var covered = new bool[text.Length];
            foreach (TextSpan span in encoding.Offsets)
            {
                covered.AsSpan(span.Start, span.Length).Fill(true);
            }
            // A mark that was composed into the letter before it (NFC) has no place of its own.
            int missed = Enumerable
                .Range(0, text.Length)
                .FirstOrDefault(i => !covered[i] && !char.IsWhiteSpace(text[i]) && !IsMark(text, i), -1);
            Assert.True(missed < 0, $"U+{(missed < 0 ? 0 : text[missed]):X4} at {missed} is in no token");
        });
    }

    private static bool IsMark(string text, int i) =>
        char.GetUnicodeCategory(text, i)
            is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.SpacingCombiningMark
        || text[i] is >= '\u1100' and <= '\u11FF';

    [Theory]
    [MemberData(nameof(Names))]
    public void Truncation_KeepsTheFirstTokensAndTheSpecialOnes(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        var whole = new TokenEncoding();
        var cut = new TokenEncoding();

        Check(text =>
        {
            int max = tokenizer.SpecialTokenCount() + (text.Length % 9);
            tokenizer.Encode(text, whole);
            tokenizer.Encode(text, cut, new EncodeOptions { MaxTokens = max });

            Assert.True(cut.Count <= max);
            Assert.Equal(whole.Count > max, cut.IsTruncated);
            Assert.Equal(WithoutSpecials(whole)[..(cut.Count - tokenizer.SpecialTokenCount())], WithoutSpecials(cut));
            Assert.Equal(tokenizer.SpecialTokenCount(), cut.SpecialMask.Count((byte)1));
        });
    }

    private static int[] WithoutSpecials(TokenEncoding encoding)
    {
        byte[] mask = encoding.SpecialMask.ToArray();
        return [.. encoding.Ids.ToArray().Where((_, i) => mask[i] == 0)];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CountTokens_EqualsTheEncodingsLength(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        var encoding = new TokenEncoding();

        Check(text =>
        {
            tokenizer.Encode(text, encoding);

            Assert.Equal(encoding.Count, tokenizer.CountTokens(text));
            Assert.Equal(encoding.Count - tokenizer.SpecialTokenCount(), tokenizer.CountTokens(text, addSpecialTokens: false));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LongTexts_AreTheSumOfTheirSegments(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        // Cut where a segment may be cut, the text is long enough for several; one without such a place cannot be cut at all.
        string text = string.Join(
            " and then ",
            TokenizerData.Corpus.Where(line => line.Length > 20 && char.IsAsciiLetter(line[0]) && char.IsAsciiLetterOrDigit(line[^1]))
        );
        var whole = new TokenEncoding();

        tokenizer.Encode(text, whole, new EncodeOptions { AddSpecialTokens = false });

        Assert.Equal(whole.Count, tokenizer.CountTokens(text, addSpecialTokens: false));
        TextSpan last = whole.Offsets[^1];
        Assert.Equal(text.Length, last.End);
    }
}
