using System.Text;
using Serverless.Packages;
using Serverless.Validation.Golden;
using Xunit;

namespace Serverless.Unit.Validation.Golden;

public sealed class GoldenReaderTests
{
    private const string Good = """{"id":"1","text":"Ada in Paris","entities":[{"start":7,"length":5,"type":"LOC"}],"language":"en"}""";

    [Fact]
    public void Accepts_LinesOfTheTask()
    {
        GoldenItem item = Assert.Single(Read(ModelTask.TokenClassification, Good + "\r\n\n"));

        Assert.Equal(new GoldenSpan(7, 5, "LOC"), Assert.Single(item.Entities!));
    }

    [Theory]
    [InlineData(
        ModelTask.TokenClassification,
        """{"id":"2","text":"Ada","entities":[{"start":1,"length":3,"type":"PER"}]}""",
        "Line 2: an entity 'PER' is at 1 with length 3"
    )]
    [InlineData(ModelTask.TokenClassification, Good, "Line 2: the id '1' was there before")]
    [InlineData(
        ModelTask.TokenClassification,
        """{"id":"2","text":"Ada","entities":[],"langauge":"en"}""",
        "Line 2: There is no member 'langauge'"
    )]
    [InlineData(ModelTask.TokenClassification, """{"id":"2","text":"Ada"}""", "Line 2: entities is missing")]
    [InlineData(ModelTask.TokenClassification, """{"id":"2",""", "Line 2: ")]
    [InlineData(ModelTask.TokenClassification, "null", "Line 2: It is null")]
    [InlineData(ModelTask.TokenClassification, """{"id":"2","text":"Ada","entities":[null]}""", "Line 2: entities[0] is null")]
    public void Rejects_AWrongLine_ByItsNumber(ModelTask task, string line, string expected)
    {
        GoldenException refused = Assert.Throws<GoldenException>(() => Read(task, Good + "\n" + line));

        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelTask.TextClassification, """{"id":"1","text":"a"}""", "label is missing")]
    [InlineData(ModelTask.ImageClassification, """{"id":"1","label":"a","media":"cat.jpg"}""", "media is 'cat.jpg'")]
    [InlineData(ModelTask.Reranking, """{"id":"1","text":"a","documents":["x"],"relevance":[1]}""", "there are 1 documents")]
    [InlineData(ModelTask.Reranking, """{"id":"1","text":"a","documents":["x","y"],"relevance":[0,0]}""", "relevance must be")]
    [InlineData(ModelTask.TextEmbedding, """{"id":"1","text":"a"}""", "there are 0 documents")]
    [InlineData(
        ModelTask.Tensors,
        """{"id":"1","tensors":[{"name":"x","shape":[2,2],"values":[1]}],"vector":[1]}""",
        "tensor 'x' of shape [2,2] has 1 values"
    )]
    [InlineData(
        ModelTask.Tensors,
        """{"id":"1","tensors":[{"name":"x","shape":[4294967296,4294967296],"values":[]}],"vector":[1]}""",
        "has 0 values"
    )]
    [InlineData(
        ModelTask.Tensors,
        """{"id":"1","tensors":[{"name":"x","shape":[1],"values":[1e999]}],"vector":[1]}""",
        "a tensor has a number that is too large"
    )]
    [InlineData(
        ModelTask.Tensors,
        """{"id":"1","tensors":[{"name":"x","shape":[1],"values":[NaN]}],"vector":[1]}""",
        "Line 1: 'N' is an invalid start of a value"
    )]
    [InlineData(ModelTask.TextEmbedding, """{"id":"1","text":"a","vector":[1e39]}""", "the vector has a number that is too large")]
    [InlineData(ModelTask.TextEmbedding, """{"id":"1","text":"a","vector":[0,0]}""", "the vector has no direction")]
    [InlineData(
        ModelTask.ObjectDetection,
        """{"id":"1","media":"sha256:0000000000000000000000000000000000000000000000000000000000000000","boxes":[{"x":0,"y":0,"width":0,"height":1,"label":"a"}]}""",
        "a box has no area"
    )]
    public void Rejects_WhatATaskCannotBeJudgedBy(ModelTask task, string line, string expected)
    {
        GoldenException refused = Assert.Throws<GoldenException>(() => Read(task, line));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_ALineThatIsTooLong_Unread()
    {
        GoldenException refused = Assert.Throws<GoldenException>(() => Read(ModelTask.TextClassification, new string('x', (8 << 20) + 1)));

        Assert.Equal((GoldenFault.TooLarge, "Line 1 has 8,388,609 bytes; allowed are 8,388,608."), (refused.Fault, refused.Message));
    }

    [Fact]
    public void Rejects_AnEmptySet() =>
        Assert.Contains("no item", Assert.Throws<GoldenException>(() => Read(ModelTask.Reranking, "\n")).Message, StringComparison.Ordinal);

    private static IReadOnlyList<GoldenItem> Read(ModelTask task, string lines) => GoldenReader.Read(Encoding.UTF8.GetBytes(lines), task);
}
