using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class StoredSchemaTests
{
    [Fact]
    public void Of_LeavesOutWhatMayBeNull_AndTakesNumbersAsNumbers()
    {
        JsonNode schema = StoredSchema.Of(typeof(Thing));

        Assert.Equal(["name", "count", "kinds"], schema["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(
            """{"type":"integer","format":"int32"} {"type":"string","enum":["first","second"]} {"type":"boolean","default":true}""",
            string.Join(' ', ((string[])["limit", "kind", "isOpen"]).Select(name => schema["properties"]![name]!.ToJsonString()))
        );
    }

    [Fact]
    public void Of_SaysWhatAttributesOfPropertiesParametersAndTypesSay()
    {
        JsonNode schema = StoredSchema.Of(typeof(Thing));

        Assert.Equal("A thing.", (string?)schema["description"]);
        Assert.Equal(
            """{"type":"string","pattern":"^a","description":"Its name."} {"type":"integer","format":"int32","minimum":1}"""
                + """ {"type":"array","items":{"type":"string","enum":["first","second"]},"minItems":1} {"type":"number","format":"double","minimum":0,"maximum":1}""",
            string.Join(' ', ((string[])["name", "count", "kinds", "share"]).Select(name => schema["properties"]![name]!.ToJsonString()))
        );
    }

    /// <summary>Generators of clients take a number without a format for one of 32 bits, and know no schema but objects.</summary>
    [Fact]
    public void Of_SaysHowWideNumbersAre_AndThatAnythingIsAnObject()
    {
        JsonNode properties = StoredSchema.Of(typeof(Wide))["properties"]!;

        Assert.Equal(
            """{"type":"integer","format":"int64"} {"type":"number","format":"float"} {}""",
            string.Join(' ', ((string[])["bytes", "share", "anything"]).Select(name => properties[name]!.ToJsonString()))
        );
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, false)]
    public void Of_ForbidsOtherProperties_WhereItIsClosed(bool isClosed, bool? expected)
    {
        Assert.Equal(expected, (bool?)StoredSchema.Of(typeof(Thing), isClosed)["additionalProperties"]);
    }

    private sealed record Wide(long Bytes, float Share, JsonElement Anything);

    private enum Kind
    {
        First,
        Second,
    }

    [Description("A thing.")]
    private sealed record Thing(
        [RegularExpression("^a"), Description("Its name.")] string Name,
        [Range(1, int.MaxValue)] int Count,
        [MinLength(1)] IReadOnlyList<Kind> Kinds,
        int? Limit,
        Kind? Kind,
        bool IsOpen = true
    )
    {
        [Range(0, 1)]
        public double? Share { get; init; }
    }
}
