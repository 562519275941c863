using System.Globalization;
using System.Text;
using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Tokenizers;

/// <summary>
/// Ids, offsets, words, types and masks against the recorded output of the reference (tests/Data/oracle/record.mjs). The reference is
/// the Rust library. transformers.js gives the same ids but for the texts that the recordings list under "deviations", where the Rust
/// library decides: JavaScript lower-cases a final sigma otherwise (clip, wordpiece-uncased, bert-base-uncased, bge-small-en), it sets
/// no ideographs beyond the Basic Multilingual Plane apart (the latter two), ignores single_word (gpt2-prefix) and byte-pair encoding's
/// continuing_subword_prefix (plain-bpe), puts NFKC in place of the compiled character map (xlm-roberta), and has no Nmt (t5).
/// </summary>
public class TokenizerOracleTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. TokenizerData.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_OfEveryText_MatchesTheReference(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        string[] texts = TokenizerData.TextsFor(name);
        string[] expected = TokenizerData.ReadRecording(name).Texts;
        var encoding = new TokenEncoding();

        string[] actual = [.. texts.Select(text => Describe(tokenizer, text, encoding))];

        AssertSame(expected, actual, i => texts[i]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_OfPairs_MatchesTheReference(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        string[] texts = TokenizerData.TextsFor(name);
        TokenizerData.Recording recording = TokenizerData.ReadRecording(name);
        var encoding = new TokenEncoding();

        var whole = new List<string>();
        var truncated = new List<string>();
        for (int i = 0; i + 1 < texts.Length; i += 8)
        {
            tokenizer.Encode(texts[i], texts[i + 1], encoding);
            whole.Add(DescribePair(encoding));
            tokenizer.Encode(
                texts[i],
                texts[i + 1],
                encoding,
                new EncodeOptions { MaxTokens = tokenizer.SpecialTokenCount(isPair: true) + 12 + (2 * (i % 5)) }
            );
            truncated.Add(DescribePair(encoding));
        }

        AssertSame(recording.Pairs, [.. whole], i => texts[i * 8]);
        AssertSame(recording.Truncated, [.. truncated], i => texts[i * 8]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EncodeWindows_MatchesTheReference(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        string[] texts = TokenizerData.TextsFor(name);
        string[] expected = [.. TokenizerData.ReadRecording(name).Windows.Select(windows => string.Join('\n', windows))];
        var windows = new List<TokenEncoding>();

        var actual = new List<string>();
        for (int i = 0; i + 1 < texts.Length; i += 8)
        {
            int count = tokenizer.EncodeWindows(
                texts[i],
                windows,
                new EncodeOptions
                {
                    AddSpecialTokens = false,
                    MaxTokens = 10,
                    Stride = i % 3,
                }
            );
            actual.Add(string.Join('\n', windows.Take(count).Select(Describe)));
        }

        AssertSame(expected, [.. actual], i => texts[i * 8]);
    }

    private static string Describe(Tokenizer tokenizer, string text, TokenEncoding encoding)
    {
        tokenizer.Encode(text, encoding);
        return Describe(encoding);
    }

    private static string Describe(TokenEncoding encoding)
    {
        var spans = new List<string>();
        int end = 0,
            word = -1;
        for (int i = 0; i < encoding.Count; i++)
        {
            if (encoding.SpecialMask[i] == 1)
            {
                spans.Add("s");
                continue;
            }
            TextSpan span = encoding.Offsets[i];
            int step = encoding.WordIds[i] - word,
                gap = span.Start - end;
            string stepText = step switch
            {
                0 => "",
                1 => "#",
                _ => $"#{step}|",
            };
            spans.Add(stepText + (gap == 0 ? "" : $"{gap}:") + span.Length.ToString(CultureInfo.InvariantCulture));
            (end, word) = (span.End, encoding.WordIds[i]);
        }
        return $"{string.Join(' ', encoding.Ids.ToArray())};{string.Join(' ', spans)}";
    }

    private static string DescribePair(TokenEncoding encoding) =>
        $"{string.Join(' ', encoding.Ids.ToArray())};{string.Concat(encoding.TypeIds.ToArray())};"
        + $"{string.Concat(encoding.SpecialMask.ToArray())}";

    private void AssertSame(string[] expected, string[] actual, Func<int, string> textOf)
    {
        Assert.Equal(expected.Length, actual.Length);
        int[] wrong = [.. Enumerable.Range(0, expected.Length).Where(i => expected[i] != actual[i])];
        foreach (int i in wrong.Take(20))
        {
            output.WriteLine($"text {i} {Escape(textOf(i))}\n  reference {expected[i]}\n  ours      {actual[i]}");
        }
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {expected.Length} differ; first {string.Join(", ", wrong.Take(10))}");
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char unit in text.AsSpan(0, Math.Min(text.Length, 80)))
        {
            escaped.Append(unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:x4}");
        }
        return escaped.ToString();
    }
}
