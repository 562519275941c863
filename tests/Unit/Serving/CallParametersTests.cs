using Serverless.Inference.Serving;
using Serverless.Serving;
using Xunit;

namespace Serverless.Unit.Serving;

public sealed class CallParametersTests
{
    public static TheoryData<string, object, string> Refused { get; } =
        new()
        {
            { "", 1, "has the name ''" },
            { "a b", 1, "has the name 'a b'" },
            { new string('n', 65), 1, "has a name of 65 characters" },
            { "name", new string('v', 129), "'name' has 129 characters; allowed are 128" },
        };

    [Fact]
    public void Read_NumbersWordsAndTruths_KeepsThemApart()
    {
        CallParameters read = CallParameters.Read(
            new Dictionary<string, object>
            {
                ["price"] = 3L,
                ["share"] = 0.5,
                ["desk"] = "sport",
                ["paid"] = true,
            }
        );

        Assert.Equal([("price", 3), ("share", 0.5)], read.Numbers.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([("desk", "sport"), ("paid", "true")], read.Words.Select(pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Rejects_WhatCannotBeCaptured(string name, object value, string fault)
    {
        ServingException refused = Assert.Throws<ServingException>(() =>
            CallParameters.Read(new Dictionary<string, object> { [name] = value })
        );

        Assert.Contains(fault, refused.Message);
        Assert.Empty(CallParameters.ReadKnown(new Dictionary<string, object> { [name] = value }).Words);
    }

    [Fact]
    public void Rejects_TooMany_AndOfAProtocolTakesSome()
    {
        Dictionary<string, object> many = Enumerable.Range(0, 40).ToDictionary(i => $"p{i:00}", i => (object)i);

        Assert.Contains("40 parameters; allowed are 32", Assert.Throws<ServingException>(() => CallParameters.Read(many)).Message);
        Assert.Equal(32, CallParameters.ReadKnown(many).Numbers.Count);
        Assert.Empty(CallParameters.ReadKnown(new Dictionary<string, object> { ["priority"] = 1L, ["sequence_id"] = 7L }).Numbers);
    }
}
