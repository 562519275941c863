using Serverless.Inference;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class EntityRecognizerTests
{
    private static readonly EntityRecognizer Recognizer = new(TestModels.Runtime, TestModels.Load("entities"));

    [Fact]
    public void Recognize_FindsSpansInTheGivenText()
    {
        const string text = "Ada Lovelace met Charles Babbage in LONDON, New York and\tParis.";

        IReadOnlyList<EntitySpan> entities = Recognizer.Recognize([text], TestContext.Current.CancellationToken)[0];

        Assert.Equal(
            [("Ada Lovelace", "PER"), ("Charles Babbage", "PER"), ("LONDON", "LOC"), ("New York", "LOC"), ("Paris", "LOC")],
            entities.Select(e => (text.Substring(e.Start, e.Length), e.Type))
        );
    }

    [Fact]
    public void Recognize_Matches_PyTorch_OnScores()
    {
        IReadOnlyList<EntitySpan> entities = Recognizer.Recognize(
            ["Ada Lovelace met Charles Babbage in London ."],
            TestContext.Current.CancellationToken
        )[0];

        float[] tokens = TestModels.Expected("entities")[0]; // [CLS] ada lovelace met charles babbage in london . [SEP]
        TestModels.AssertClose(
            [
                [(tokens[1] + tokens[2]) / 2, (tokens[4] + tokens[5]) / 2, tokens[7]],
            ],
            [
                [.. entities.Select(e => e.Score)],
            ],
            1e-5f
        );
    }

    [Fact]
    public void Recognize_CountsUtf16UnitsAfterEmojiAndAccents()
    {
        const string text = "🎉🎉 Zoë — in Paris";

        EntitySpan entity = Recognizer.Recognize([text], TestContext.Current.CancellationToken)[0].Single();

        Assert.Equal("Paris", text.Substring(entity.Start, entity.Length));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(200)]
    public void Recognize_InWindows_FindsEachEntityOnce(int sentences)
    {
        // a window takes 22 tokens
        string text = string.Concat(Enumerable.Repeat("Ada Lovelace wrote to Charles Babbage in New York. ", sentences));

        IReadOnlyList<EntitySpan> entities = Recognizer.Recognize([text, "Paris", text], TestContext.Current.CancellationToken)[2];

        Assert.Equal(
            string.Join('|', Enumerable.Repeat("Ada Lovelace|Charles Babbage|New York", sentences)),
            string.Join('|', entities.Select(e => text.Substring(e.Start, e.Length)))
        );
    }

    [Theory]
    [InlineData("田中さんは東京に住んでいる。", "0+2 PER, 5+2 LOC")]
    [InlineData("Ada Lovelace wrote from London.", "0+12 PER, 24+6 LOC")]
    [InlineData("London 田中さん", "0+6 LOC, 7+2 PER")]
    public void Recognize_OfAScriptWithoutSpaces_FindsPartsOfASentence(string text, string expected)
    {
        using var recognizer = new EntityRecognizer(TestModels.Runtime, TestModels.Load("entities-unspaced"));

        IReadOnlyList<EntitySpan> entities = recognizer.Recognize([text], TestContext.Current.CancellationToken)[0];

        Assert.Equal(expected, string.Join(", ", entities.Select(entity => $"{entity.Start}+{entity.Length} {entity.Type}")));
    }

    [Fact]
    public void Recognize_WithoutWords_FindsNothing()
    {
        IReadOnlyList<IReadOnlyList<EntitySpan>> entities = Recognizer.Recognize(
            ["", " \n", "large"],
            TestContext.Current.CancellationToken
        );

        Assert.All(entities, Assert.Empty);
    }
}
