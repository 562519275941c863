using Serverless.Captures;
using Serverless.Exports.Rows;
using Xunit;

namespace Serverless.Unit.Exports.Rows;

public sealed class TextMaskTests
{
    private const string Text = "Ana met Bo in Oslo, and Ana sang.";

    [Theory]
    [InlineData("[PER] met [PER] in Oslo, and [PER] sang.", "PER@0+3", "PER@8+2", "LOC@14+4")]
    [InlineData("Ana met Bo in Oslo, and Ana sang.", "LOC@14+4")]
    [InlineData("Ana met Bo in Oslo, and Ana [PER]", "PER@30+900")]
    [InlineData("Ana met Bo in Oslo, and Ana sang.")]
    public void Masks_WhatWasFound(string expected, params string[] found)
    {
        Assert.Equal(expected, new TextMask(["PER"]).Apply(Text, OutputOf(found)));
    }

    [Theory]
    [InlineData(
        "Angela Merkel flew. MERKEL spoke, and Merkel's bag merkelt.",
        "[PER] flew. [PER] spoke, and [PER] bag merkelt.",
        "PER@0+13"
    )]
    [InlineData("Zoë Müller-Lüders sang.", "Zoë [PER] sang.", "PER@4+6")]
    [InlineData("Ana de Sá met de Wit.", "[PER] met de Wit.", "PER@0+9")]
    [InlineData("王小明在北京。", "[PER]在北京。", "PER@0+3")]
    public void Masks_WholeWords_AndPartsOfNames(string text, string expected, string found)
    {
        Assert.Equal(expected, new TextMask(["PER"]).Apply(text, OutputOf(found)));
    }

    [Fact]
    public void Masks_OneLongWord_InWhichTheSameIsFoundEverywhere() =>
        Assert.Equal("[PER]", new TextMask(["PER"]).Apply(new string('a', 200_000), OutputOf("PER@0+2")));

    [Theory]
    [InlineData("PER"), InlineData("PER@x+3"), InlineData("PER@0"), InlineData("@0+3"), InlineData("PER@-1+3")]
    [InlineData("PER@8+2", "PER@0+3")]
    public void Refuses_PlacesThatNoServiceWrites(params string[] found)
    {
        Assert.Null(new TextMask(["PER"]).Apply(Text, OutputOf(found)));
    }

    [Fact]
    public void Refuses_TextOfWhichNothingIsKnown()
    {
        TextMask mask = new(["PER"]);

        Assert.Null(mask.Apply(Text, null));
        Assert.Null(mask.Apply(Text, new OutputSummary("classify", "news", 1, [new("news", 1)], 1, Valid: true)));
        Assert.Null(mask.Apply(Text, OutputOf("PER@0+3") with { Entities = new Dictionary<string, int> { ["PER"] = 2 } }));
    }

    /// <summary>Captures hold the first 16 entities; what comes behind them is not known.</summary>
    [Fact]
    public void Cuts_BehindTheLastThatIsKnown()
    {
        string text = string.Concat(Enumerable.Repeat("Bo ", 20));

        string? masked = new TextMask(["PER"]).Apply(text, OutputOf([.. Enumerable.Range(0, 16).Select(i => $"PER@{3 * i}+2")]));

        Assert.Equal(string.Join(' ', Enumerable.Repeat("[PER]", 16)), masked);
    }

    private static OutputSummary OutputOf(params string[] found) =>
        new(
            "entities",
            found.FirstOrDefault(),
            0.9,
            [.. found.Select(label => new ScoredLabel(label, 0.9))],
            found.Length,
            Valid: true,
            Entities: new Dictionary<string, int> { ["PER"] = found.Length }
        );
}
