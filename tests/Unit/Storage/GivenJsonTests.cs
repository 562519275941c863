using System.Text;
using System.Text.Json;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class GivenJsonTests
{
    private const string Days = "sunday, monday, tuesday, wednesday, thursday, friday, saturday";
    private const string Members = "label, spare, any, count, day, days, wait, at, share, isOn, events, parts, names";

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
    [InlineData("""{"count":"2"}""", "count is '2'; expected is a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"count":3000000000}""", "count is 3000000000; expected is a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"count":1.5}""", "count is 1.5; expected is a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"day":1}""", $"day is 1; expected is one of {Days}.")]
    [InlineData("""{"day":"1"}""", $"day is '1'; expected is one of {Days}.")]
    [InlineData("""{"day":"someday"}""", $"day is 'someday'; expected is one of {Days}.")]
    [InlineData("""{"days":{"a":["monday",true]}}""", $"days.a[1] is true; expected is one of {Days}.")]
    [InlineData("""{"label":{"x":1}}""", "label is an object; expected is text.")]
    [InlineData("""{"wait":"5m"}""", "wait is '5m'; expected is a duration such as 00:05:00.")]
    [InlineData("""{"at":"tomorrow"}""", "at is 'tomorrow'; expected is a time such as 2026-01-31T12:00:00Z.")]
    [InlineData("""{"share":"half"}""", "share is 'half'; expected is a number.")]
    [InlineData("""{"isOn":"yes"}""", "isOn is 'yes'; expected is true or false.")]
    [InlineData("""{"events":"a"}""", "events is 'a'; expected is a list.")]
    [InlineData("""{"parts":[{"inner":[]}]}""", "parts[0].inner is a list; expected is an object.")]
    [InlineData("[]", "It is a list; expected is an object.")]
    [InlineData("""{"day":"monday, tuesday"}""", "day has a comma; expected is one name.")]
    [InlineData("""{"cuont":2}""", $"There is no member 'cuont' here; there are {Members}.")]
    [InlineData("""{"parts":[{"innner":{}}]}""", "There is no member 'innner' in parts[0]; there are inner.")]
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

    [Fact]
    public void Read_ALongValueOfAnotherKind_IsCut() =>
        Assert.Equal(
            $"day is '{new string('a', 59)} ... (1,000 characters)'; expected is one of {Days}.",
            FaultOf($$"""{"day":"{{new string('a', 59)}}\ud83d\ude00{{new string('b', 939)}}"}""")
        );

    private static string FaultOf(string json) =>
        JsonFault.Describe(Assert.ThrowsAny<JsonException>(() => GivenJson.Read<Given>(Encoding.UTF8.GetBytes(json))));

    private sealed record Given(string? Label, IReadOnlyList<string?>? Spare, JsonElement? Any, int Count = 1)
    {
        public DayOfWeek Day { get; init; }

        public Dictionary<string, IReadOnlyList<DayOfWeek>> Days { get; init; } = [];

        public TimeSpan? Wait { get; init; }

        public DateTimeOffset? At { get; init; }

        public double? Share { get; init; }

        public bool IsOn { get; init; }

        public IReadOnlyList<string> Events { get; init; } = [];

        public Part[] Parts { get; init; } = [];

        public Dictionary<string, string> Names { get; init; } = [];
    }

    private sealed record Part(Given? Inner);

    private sealed record Window(string Model, int From, int Until = 3, string? Reason = null, Window? Next = null);
}
