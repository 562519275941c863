using Serverless.Media.Text;
using Xunit;

namespace Serverless.Unit.Media.Text;

public sealed class SentenceSegmenterTests
{
    private static string[] Split(string text, int maxLength = 2_000) =>
        [
            .. SentenceSegmenter
                .Split(text, maxLength, new ReadingSteps(text.Length, TestContext.Current.CancellationToken))
                .Select(range => text.Substring(range.Start, range.Length)),
        ];

    [Theory]
    [InlineData("One. Two! Three?", "One.|Two!|Three?")]
    [InlineData("Mr. Smith met Dr. Jones. They talked.", "Mr. Smith met Dr. Jones.|They talked.")]
    [InlineData("He paid 3.50 at No. 10 today. Fine.", "He paid 3.50 at No. 10 today.|Fine.")]
    [InlineData("The answer is no. We left.", "The answer is no.|We left.")]
    [InlineData(
        "J. K. Rowling lives in the U.K. and writes. So do I. He too.",
        "J. K. Rowling lives in the U.K. and writes.|So do I.|He too."
    )]
    [InlineData("“Stop!” he said. “Why?” She ran.", "“Stop!” he said.|“Why?”|She ran.")]
    [InlineData("Wait... what? Really?! Yes.", "Wait... what?|Really?!|Yes.")]
    [InlineData("Am 3. Oktober war z.B. Berlin voll. Prof. Müller kam.", "Am 3. Oktober war z.B. Berlin voll.|Prof. Müller kam.")]
    [InlineData("今日は晴れ。明日は雨！「はい。」と言った。", "今日は晴れ。|明日は雨！|「はい。」|と言った。")]
    [InlineData("¿Qué tal? ¡Bien! Sr. López vino.", "¿Qué tal?|¡Bien!|Sr. López vino.")]
    [InlineData("Visit example.org now. See v1.2.3 there.", "Visit example.org now.|See v1.2.3 there.")]
    [InlineData("यह एक वाक्य है। यह दूसरा है।", "यह एक वाक्य है।|यह दूसरा है।")]
    [InlineData("هل أنت هنا؟ نعم.", "هل أنت هنا؟|نعم.")]
    [InlineData("Really?!x no. Nope..。Yes", "Really?!x no.|Nope..。|Yes")]
    [InlineData("See “a.”b and (c.)d. End", "See “a.”b and (c.)d.|End")]
    [InlineData("A heading\nA paragraph. Its end", "A heading|A paragraph.|Its end")]
    [InlineData("1. First point\n2. Second point", "1. First point|2. Second point")]
    public void Split_FindsTheSentences(string text, string expected) => Assert.Equal(expected.Split('|'), Split(text));

    [Fact]
    public void Split_DividesALongSentenceAtSpaces()
    {
        string text = string.Join(' ', Enumerable.Repeat("word", 200));

        string[] sentences = Split(text, 100);

        Assert.All(sentences, sentence => Assert.InRange(sentence.Length, 50, 100));
        Assert.Equal(text, string.Join(' ', sentences));
    }

    [Fact]
    public void Split_NeverDividesASurrogatePair()
    {
        string text = string.Concat(Enumerable.Repeat("😀", 301));

        string[] sentences = Split(text, 101);

        Assert.All(sentences, sentence => Assert.False(char.IsLowSurrogate(sentence[0])));
        Assert.Equal(text, string.Concat(sentences));
    }
}
