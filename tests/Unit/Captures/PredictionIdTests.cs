using Serverless.Captures;
using Xunit;

namespace Serverless.Unit.Captures;

public sealed class PredictionIdTests
{
    [Theory]
    [InlineData("entities"), InlineData("bge-small_en.v1.5")]
    public void Parse_OfItsText_GivesItBack(string model)
    {
        PredictionId id = PredictionId.Create(model, 12, "prod", "canary", TestCaptures.Start);

        Assert.True(PredictionId.TryParse(id.ToString(), out PredictionId? parsed));
        Assert.Equal(id, parsed);
        Assert.Equal(TestCaptures.Start, parsed.Time);
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("entities.1.prod.stable"), InlineData("entities.1.prod.stable.0194")]
    [
        InlineData("entities.x.prod.stable.01942bb4d4d57000a000000000000000"),
        InlineData("../etc.1.prod.stable.01942bb4d4d57000a000000000000000")
    ]
    [
        InlineData("entities.1..stable.01942bb4d4d57000a000000000000000"),
        InlineData("entities.1.prod.stable.01942bb4d4d54000a000000000000000")
    ]
    public void Parse_OfAnythingElse_Fails(string? text) => Assert.False(PredictionId.TryParse(text, out _));
}
