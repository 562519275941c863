using System.Text;
using System.Text.Json;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class GivenJsonTests
{
    [Theory]
    [InlineData("""{"events":null}""", "events is null; expected is a value.")]
    [InlineData("""{"Events":["a",null]}""", "Events[1] is null; expected is a value.")]
    [InlineData("""{"parts":[null]}""", "parts[0] is null; expected is a value.")]
    [InlineData("""{"parts":[{"inner":{"events":[null]}}]}""", "parts[0].inner.events[0] is null; expected is a value.")]
    [InlineData("""{"names":{"a":null}}""", "names.a is null; expected is a value.")]
    [InlineData("""{"count":null}""", "count is null; expected is a value.")]
    [InlineData("null", "It is null; expected is a JSON object.")]
    public void Read_NullWhereNoneBelongs_NamesThePlace(string json, string message) => Assert.Equal(message, FaultOf(json));

    [Theory]
    [InlineData("""{"label":null,"spare":[null,"a"],"any":{"x":[null]},"parts":[{"inner":null}]}""")]
    [InlineData("""{"label":"\ud83d\ude00 \\ud83d","any":"ö"}""")]
    public void Read_WhatTheTypesAdmit_IsTaken(string json) => Assert.NotNull(GivenJson.Read<Given>(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"label":"Anna \ud83d flew"}""", "label has half a character")]
    [InlineData("""{"events":["a","\ude00"]}""", "events[1] has half a character")]
    [InlineData("""{"any":{"deep":["\ud83d"]}}""", "any.deep[0] has half a character")]
    [InlineData("""{"names":{"\ud83d":"a"}}""", "The name of a member of names has half a character")]
    public void Read_HalfACharacter_NamesThePlace(string json, string beginning) =>
        Assert.StartsWith(beginning, FaultOf(json), StringComparison.Ordinal);

    [Fact]
    public void Read_BytesThatAreNoUtf8_NamesThePlace()
    {
        byte[] json = [.. "{\"label\":\""u8, 0xED, 0xA0, 0xBD, .. "\"}"u8];

        JsonException fault = Assert.ThrowsAny<JsonException>(() => GivenJson.Read<Given>(json));

        Assert.StartsWith("label has half a character", JsonFault.Describe(fault), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"count":"2"}""", "The value is not of the kind that belongs there ($.count).")]
    [InlineData("""{"day":1}""", "The value is not of the kind that belongs there ($.day).")]
    [InlineData("""{"day":"1"}""", "The value is not of the kind that belongs there ($.day).")]
    [InlineData("""{"day":"monday, tuesday"}""", "day has a comma; expected is one name.")]
    [InlineData("""{"cuont":2}""", "There is no member 'cuont' here ($.cuont).")]
    public void Read_WhatTheSchemaDoesNotHave_NamesThePlace(string json, string message) => Assert.Equal(message, FaultOf(json));

    [Theory]
    [InlineData("""{"count":1,"count":2}""", "count is there twice; which of the two is meant, nothing says.")]
    [InlineData("""{"count":1,"Count":2}""", "Count is there twice; which of the two is meant, nothing says.")]
    [InlineData(
        """{"parts":[{"inner":{"names":{"a":"1","A":"2","a":"3"}}}]}""",
        "parts[0].inner.names.a is there twice; which of the two is meant, nothing says."
    )]
    [InlineData("""{"any":{"x":1,"x":1}}""", "any.x is there twice; which of the two is meant, nothing says.")]
    public void Read_AMemberTwice_NamesThePlace(string json, string message) => Assert.Equal(message, FaultOf(json));

    [Theory]
    [InlineData("""{"model":"m"}""", "The object lacks 'from' ($).")]
    [InlineData("{}", "The object lacks 'model', 'from' ($).")]
    [InlineData("""{"model":"m","from":1,"next":{"from":2}}""", "The object lacks 'model' ($.next).")]
    public void Read_WithoutWhatHasNoDefault_NamesIt(string json, string message)
    {
        var fault = Assert.ThrowsAny<JsonException>(() => GivenJson.Read<Window>(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(message, JsonFault.Describe(fault));
    }

    [Fact]
    public void Read_OfAnOpenFormat_TakesWhatLacksAMember() =>
        Assert.Equal(1, GivenJson.Read<Window>("""{"from":1,"others":2}"""u8.ToArray(), isOpen: true).From);

    [Fact]
    public void Read_AByteOrderMark_IsPassedOver() =>
        Assert.Equal(3, GivenJson.Read<Given>((byte[])[0xEF, 0xBB, 0xBF, .. "{\"count\":3}"u8]).Count);

    private static string FaultOf(string json) =>
        JsonFault.Describe(Assert.ThrowsAny<JsonException>(() => GivenJson.Read<Given>(Encoding.UTF8.GetBytes(json))));

    private sealed record Given(string? Label, IReadOnlyList<string?>? Spare, JsonElement? Any, int Count = 1)
    {
        public DayOfWeek Day { get; init; }

        public IReadOnlyList<string> Events { get; init; } = [];

        public Part[] Parts { get; init; } = [];

        public Dictionary<string, string> Names { get; init; } = [];
    }

    private sealed record Part(Given? Inner);

    private sealed record Window(string Model, int From, int Until = 3, string? Reason = null, Window? Next = null);
}
