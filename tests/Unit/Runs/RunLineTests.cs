using System.Text;
using System.Text.Json;
using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunLineTests
{
    private const string Times = "\"created\":\"2030-01-02T03:00:00+00:00\",\"updated\":\"2030-01-02T03:00:00+00:00\"";

    [Fact]
    public void EveryMember_IsReadAsItWasWritten()
    {
        RunEntry full = RunsOf.Run("a/\"ö\n", 5, RunStatus.Terminated, "Näme") with
        {
            Kind = RunKind.Trial,
            Updated = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)).AddTicks(7),
            Outcome = "rolled back",
            Stage = "\u2028stage",
            Parent = "parent",
            Tags = ["asset:azure:media/a.jpg", "\\"],
            Input = "{\"a\":[1]}",
            Output = "output",
            CustomStatus = "custom",
            Failure = "why",
            Calls = "AdmitAsset 1 0",
            Spent = new RunSpent(1.5, 2),
            IsPurged = true,
        };

        RunEntry read = RunLine.Read(RunLine.Write(full), new SharedTexts());

        Assert.Equivalent(full, read, strict: true);
        // So that a member which is added later is given here, and read.
        Assert.DoesNotContain(typeof(RunEntry).GetProperties(), member => member.GetValue(full) is null or false or 0);
    }

    [Fact]
    public void WhatIsAbsent_OrNull_OrOfANewerVersion_IsPassedOver()
    {
        string line = $$"""{"id":"a","new":{"b":[1,{}]},"name":"IngestAsset","status":"failed","ended":null,"stage":null,{{Times}} }""";

        RunEntry read = RunLine.Read(Encoding.UTF8.GetBytes(line), new SharedTexts());

        Assert.Equal(("a", RunStatus.Failed, RunKind.Orchestration), (read.Id, read.Status, read.Kind));
        Assert.True(read is { Ended: null, Stage: null, Tags: null, IsPurged: false });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"id\":")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"id\":\"a\",\"status\":\"unheard\"}")]
    [InlineData("{\"id\":\"a\",\"created\":\"yesterday\"}")]
    [InlineData("{\"id\":\"a\",\"name\":\"b\",\"status\":\"failed\"}")]
    [InlineData("{\"name\":\"b\",\"status\":\"failed\"," + Times + "}")]
    [InlineData("{\"id\":\"a\",\"name\":\"b\",\"status\":\"failed\"," + Times + "}{}")]
    public void WhatIsNoEntry_IsNamedSo(string line)
    {
        Assert.ThrowsAny<JsonException>(() => RunLine.Read(Encoding.UTF8.GetBytes(line), new SharedTexts()));
    }
}
