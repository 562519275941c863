using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Functions.Azure.OpenApi;
using Serverless.Local.Stack;
using Serverless.Unit.Ingest.Documents;
using Xunit;

namespace Serverless.Unit.Functions.Azure.OpenApi;

/// <summary>Requests as people write them, held against the document: what it says is taken must be what is taken.</summary>
public sealed partial class DocumentedRequestsTests
{
    private static readonly JsonElement Document = JsonDocument.Parse(OpenApiDocument.Make().ToJsonString()).RootElement;

    [Fact]
    public void TheRequestsOfTheReadmeAndOfCi_AreInTheDocument()
    {
        string[] files = [.. new[] { "README.md", "samples/ci/github-actions.yml" }.Select(file => Path.Combine(Checkout.Root, file))];
        string text = string.Concat(files.Select(File.ReadAllText)).Replace("\\\n", " ", StringComparison.Ordinal);
        string[] requests = [.. text.Split('\n').Where(line => Address().IsMatch(line) && line.Contains("curl", StringComparison.Ordinal))];

        Assert.True(requests.Length >= 6, $"found {requests.Length} requests");
        Assert.All(requests, request =>
        {
            Match address = Address().Match(request);
            Match body = Body().Match(request);
            string method =
                MethodOption().Match(request) is { Success: true } option ? option.Groups[1].Value.ToLowerInvariant()
                : request.Contains(" -d ", StringComparison.Ordinal) || request.Contains("--data-binary", StringComparison.Ordinal) ? "post"
                : "get";

            Assert.Empty(FaultsOf(method, address.Groups[1].Value, address.Groups[2].Value, body.Success ? body.Groups[1].Value : null));
        });
    }

    [Theory]
    [InlineData("put", "/api/models/m/aliases/dev", """{"version":1,"why":"try"}""")]
    [InlineData("put", "/api/models/m/aliases/dev", """{}""")]
    [InlineData("post", "/api/predict/m", """{"text":"Anna Berg lives in Lisbon."}""")]
    [InlineData("post", "/api/predict/m", """{"query":"storm","documents":["low","high"],"top_n":1}""")]
    [InlineData("post", "/api/promotions", """{"model":"m","version":2,"to":"prod","queue":true,"plan":{"canary":[{"weight":0.5}]}}""")]
    [InlineData("post", "/api/promotions/id/decision", """{"approve":true}""")]
    [InlineData("post", "/api/models/m/rollback", """{"reason":"slow"}""")]
    [InlineData("post", "/api/models/m/restore", """{"environment":"prod","at":"2026-01-31T12:00:00Z"}""")]
    [InlineData("post", "/api/models/m/versions", """{"from":"uploads/m","metrics":{"f1":0.9},"lineage":{"codeCommit":"abc"}}""")]
    [InlineData("post", "/api/webhooks", """{"url":"https://example.org/","events":["promotion.ended"]}""")]
    [InlineData(
        "post",
        "/api/experiments",
        """{"model":"m","environment":"prod","arms":[{"name":"a","version":1},{"name":"b","version":2}]}"""
    )]
    [InlineData("post", "/api/feedback", """{"predictionId":"p","value":1}""")]
    [InlineData("post", "/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    public void ARequestThatIsTaken_FitsTheDocument(string method, string path, string body) =>
        Assert.Empty(FaultsOf(method, path, "", body));

    [Theory]
    [InlineData("put", "/api/models/m/aliases/dev", """{"version":"1"}""", "$.version is String, not integer")]
    [InlineData("put", "/api/models/m/aliases/dev", """{"version":1,"by":"me"}""", "$ has by too")]
    [InlineData("post", "/api/predict/m", """{"text":"a","allTexts":["b"]}""", "$ has allTexts too")]
    [InlineData("post", "/api/promotions", """{"version":2,"to":"prod"}""", "$ lacks model")]
    [InlineData("post", "/api/promotions", """{"model":"m","version":"2","to":"prod"}""", "$.version is String, not integer")]
    public void ARequestThatIsRefused_DoesNotFitTheDocument(string method, string path, string body, string fault) =>
        Assert.Equal([fault], FaultsOf(method, path, "", body));

    private static IReadOnlyList<string> FaultsOf(string method, string path, string query, string? body)
    {
        JsonElement[] operations =
        [
            .. Document
                .GetProperty("paths")
                .EnumerateObject()
                .Where(one => Regex.IsMatch(path, $"^{Parameter().Replace(one.Name, "[^/]+")}$"))
                .OrderBy(one => one.Name.Count(c => c == '{'))
                .Where(one => one.Value.TryGetProperty(method, out _))
                .Select(one => one.Value.GetProperty(method)),
        ];
        if (operations is not [var operation, ..])
        {
            return [$"there is no {method} {path}"];
        }
        string[] known =
        [
            .. operation
                .GetProperty("parameters")
                .EnumerateArray()
                .Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!),
            "code",
        ];
        return
        [
            .. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0]).Except(known),
            .. body is null ? [] : BodyFaults(operation, JsonDocument.Parse(body).RootElement),
        ];
    }

    private static IEnumerable<string> BodyFaults(JsonElement operation, JsonElement body)
    {
        string reference = operation
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("application/json")
            .GetProperty("schema")
            .GetProperty("$ref")
            .GetString()!;
        return new JsonSchemaCheck(Document, Schema(reference)).Faults(body);
    }

    private static JsonElement Schema(string reference) =>
        reference.Split('/').Skip(1).Aggregate(Document, (element, name) => element.GetProperty(name));

    [GeneratedRegex(@"(?:http://127\.0\.0\.1:7071|\$URL)(/api/[^?"" ]+)(?:\?([^"" ]*))?")]
    private static partial Regex Address();

    [GeneratedRegex("-d '([^']*)'")]
    private static partial Regex Body();

    [GeneratedRegex("-X ([A-Z]+)")]
    private static partial Regex MethodOption();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
