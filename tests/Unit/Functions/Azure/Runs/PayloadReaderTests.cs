using System.Text.Json;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs.Acts;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Validation;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class PayloadReaderTests
{
    [Fact]
    public void Record_IsReadAsWhatIsExpected() =>
        Assert.Equal(
            new ValidateModelInput("labels", 3, "qa"),
            PayloadReader.Read(Json("""{ "model": "labels", "version": 3, "environment": "qa" }"""), typeof(ValidateModelInput), "input")
        );

    [Fact]
    public void Member_ThatMayBeAbsent_IsNotDemanded() =>
        Assert.Equal(new RunCancel("ana", null), PayloadReader.Read(Json("""{ "by": "ana" }"""), typeof(RunCancel), "payload"));

    [Theory]
    [InlineData("""{ "model": "labels", "version": 3 }""", "The object lacks 'environment'")]
    [InlineData("""{ "model": "labels", "version": "3", "environment": "qa" }""", "input.version is '3'; expected is a whole number")]
    [InlineData("""{ "model": "labels", "version": 3, "environment": "qa", "why": 1 }""", "no member 'why' in input; there are")]
    [InlineData("[]", "input is a list; expected is an object.")]
    [InlineData("null", "It is null")]
    public void Payload_ThatIsNone_IsRefusedWithWhatIsExpected(string json, string fault)
    {
        RequestProblem problem = Assert.Throws<RequestProblem>(() => PayloadReader.Read(Json(json), typeof(ValidateModelInput), "input"));

        Assert.Equal(400, problem.Status);
        Assert.Contains(fault, problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("It has model: String, version: Int32, environment: String.", problem.Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
