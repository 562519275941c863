using Serverless.Ingest.Analyzers;
using Serverless.Media.Text;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

public sealed class PassageSplitterTests
{
    /// <summary>A token is a word here.</summary>
    private static readonly PassageSplitter Splitter = new(
        text => text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length,
        maxTokens: 5
    );

    [Fact]
    public void Split_ShortSentences_AreJoinedWhileTheyFit() =>
        Assert.Equal(["one two. three four.", "five six seven."], Split("one two.", "three four.", "five six seven."));

    [Fact]
    public void Split_ALongSentence_IsCutAtSpaces() => Assert.Equal(["a b c d ", "e f g h"], Split("a b c d e f g h"));

    [Fact]
    public void Split_ALongWord_IsCutBetweenCharacters()
    {
        PassageSplitter letters = new(text => text.Length, maxTokens: 3);

        string[] pieces =
        [
            .. letters
                .Split("ab🎬🎬cd", [new TextRange(0, 8)])
                .Select(passage => "ab🎬🎬cd".Substring(passage.Range.Start, passage.Range.Length)),
        ];

        Assert.Equal("ab🎬🎬cd", string.Concat(pieces));
        Assert.All(pieces, piece => Assert.False(char.IsLowSurrogate(piece[0])));
    }

    [Fact]
    public void Split_OfNothing_IsNothing() => Assert.Empty(Splitter.Split("", []));

    [Fact]
    public void Split_CountsTheTokensOfEachPassage() =>
        Assert.Equal(
            [4, 3],
            Splitter.Split("one two. three four. five six seven.", [new(0, 8), new(9, 11), new(21, 15)]).Select(passage => passage.Tokens)
        );

    private static IEnumerable<string> Split(params string[] sentences)
    {
        string text = string.Join(' ', sentences);
        List<TextRange> ranges = [];
        int start = 0;
        foreach (string sentence in sentences)
        {
            ranges.Add(new TextRange(start, sentence.Length));
            start += sentence.Length + 1;
        }
        return Splitter.Split(text, ranges).Select(passage => text.Substring(passage.Range.Start, passage.Range.Length));
    }
}
