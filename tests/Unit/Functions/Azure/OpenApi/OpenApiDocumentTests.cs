using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.OpenApi;
using Xunit;

namespace Serverless.Unit.Functions.Azure.OpenApi;

/// <summary>The document as it is served, held against the triggers of the app and the rules of OpenAPI 3.1.</summary>
public sealed partial class OpenApiDocumentTests : IAsyncLifetime
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        await using FunctionsApp app = await FunctionsApp.StartAsync([typeof(OpenApiFunction)]);
        _document = JsonDocument.Parse(await app.Client.GetByteArrayAsync("api/openapi.json")).RootElement;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Document_AndTheTriggersOfTheApp_NameTheSameRoutes()
    {
        string[] described =
        [
            .. Operations()
                .Select(operation => $"{operation.Method} {operation.Path} = {operation.Value.GetProperty("operationId").GetString()}")
                .Order(),
        ];
        string[] triggered = [.. HttpRoute.All.Select(route => $"{route.Method} {route.Path} = {route.Function}").Order()];

        Assert.Equal(triggered, described); // a function that is missing here wants a line in functions/Azure/OpenApi/*Operations.cs
    }

    [Fact]
    public void Operations_DescribeNoFunctionThatIsNotThere()
    {
        IEnumerable<string> named = new[]
        {
            PredictionOperations.All,
            OpenInferenceOperations.All,
            ModelOperations.All,
            PromotionOperations.All,
            WebhookOperations.All,
            AlertOperations.All,
            AssetOperations.All,
            SourceOperations.All,
            ActOperations.All,
            SystemOperations.All,
        }
            .SelectMany(area => area)
            .Select(operation => operation.Function);

        Assert.Empty(named.Except(HttpRoute.All.Select(route => route.Function)));
        Assert.Equal(named.Count(), named.Distinct().Count());
    }

    [Fact]
    public void Root_HasWhatOpenApiDemands()
    {
        Assert.Matches(@"^3\.1\.\d$", _document.GetProperty("openapi").GetString());
        Assert.NotEmpty(_document.GetProperty("info").GetProperty("title").GetString()!);
        Assert.NotEmpty(_document.GetProperty("info").GetProperty("version").GetString()!);
        string?[] tags = [.. _document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString())];
        Assert.Equal(tags.Distinct(), tags);
        Assert.All(Operations(), operation => Assert.Contains(operation.Value.GetProperty("tags")[0].GetString(), tags));
    }

    /// <summary>What may be left out is not null instead: a generator would write a default that its own schema forbids.</summary>
    [Fact]
    public void NoSchema_HasADefaultThatItForbids()
    {
        JsonElement parameters = _document
            .GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("PredictBody")
            .GetProperty("properties")
            .GetProperty("parameters");

        Assert.Equal("object", parameters.GetProperty("type").GetString());
        Assert.DoesNotContain("\"default\":null", _document.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryOperation_HasIdSummaryAndAnswers()
    {
        var operations = Operations().ToArray();

        Assert.Equal(
            operations.Length,
            operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Distinct().Count()
        );
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            JsonProperty[] answers = [.. operation.Value.GetProperty("responses").EnumerateObject()];
            Assert.All(answers, answer => Assert.Matches("^[2-5][0-9][0-9]$", answer.Name));
            Assert.Contains(answers, answer => answer.Name[0] == '2' || answer.Name == "501"); // what is always refused
            Assert.All(answers, answer => Assert.NotEmpty(answer.Value.GetProperty("description").GetString()!));
            Assert.All(operation.Value.GetProperty("security").EnumerateArray().SelectMany(one => one.EnumerateObject()), one =>
                Assert.True(_document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty(one.Name, out _))
            );
        });
    }

    /// <summary>Lanes and stores stand before all of them; health answers 503 with what it found.</summary>
    [Fact]
    public void EveryOperation_SaysWhatAnyRequestMayMeet_AndWhenToTryAgain() => Assert.All(Operations(), operation =>
        {
            JsonElement answers = operation.Value.GetProperty("responses");

            Assert.True(answers.TryGetProperty("400", out _));
            Assert.All(["429", "503"], status =>
                Assert.True(
                    answers.GetProperty(status).TryGetProperty("headers", out JsonElement headers)
                        ? headers.TryGetProperty("Retry-After", out _)
                        : operation.Value.GetProperty("operationId").ValueEquals("Health")
                )
            );
        });

    [Fact]
    public void EveryOperation_NamesTheRoleThatItNeeds()
    {
        Assert.All(Operations(), operation =>
        {
            AccessRoles role = RouteRoles.Of(operation.Value.GetProperty("operationId").GetString()!);
            string[] named =
            [
                .. operation
                    .Value.GetProperty("security")
                    .EnumerateArray()
                    .SelectMany(one => one.EnumerateObject())
                    .SelectMany(scheme => scheme.Value.EnumerateArray().Select(name => $"{scheme.Name} {name.GetString()}")),
            ];

            Assert.Equal(role == AccessRoles.None ? [] : [$"header {role.Write()}", $"query {role.Write()}"], named);
            Assert.Equal(role != AccessRoles.None, operation.Value.GetProperty("responses").TryGetProperty("403", out _));
        });
    }

    [Fact]
    public void Parameters_AreUnique_AndThoseOfThePathAreItsOwn()
    {
        Assert.All(Operations(), operation =>
        {
            var parameters = operation
                .Value.GetProperty("parameters")
                .EnumerateArray()
                .Select(parameter =>
                    (
                        In: parameter.GetProperty("in").GetString()!,
                        Name: parameter.GetProperty("name").GetString()!,
                        Required: parameter.GetProperty("required").GetBoolean(),
                        parameter
                    )
                )
                .ToArray();
            Assert.Equal(parameters.Length, parameters.DistinctBy(parameter => (parameter.In, parameter.Name)).Count());
            Assert.Equal(
                PathParameter().Matches(operation.Path).Select(match => match.Groups[1].Value),
                parameters.Where(parameter => parameter.In == "path").Select(parameter => parameter.Name)
            );
            Assert.All(parameters, parameter => Assert.Contains(parameter.In, new[] { "path", "query", "header" }));
            Assert.All(parameters, parameter => Assert.True(parameter.Required || parameter.In != "path"));
            Assert.All(parameters, parameter =>
                Assert.Contains(
                    parameter.parameter.GetProperty("schema").GetProperty("type").GetString(),
                    new[] { "string", "integer", "number", "boolean", "array", "object" }
                )
            );
        });
    }

    [Fact]
    public void Contents_HaveMediaTypes_AndEveryReferenceLeadsSomewhere()
    {
        JsonProperty[] contents =
        [
            .. Operations().SelectMany(operation => Find(operation.Value, "content")).SelectMany(content => content.EnumerateObject()),
        ];
        string[] references = [.. Find(_document, "$ref").Select(reference => reference.GetString()!)];

        Assert.All(contents, content => Assert.Matches(@"^[a-z]+/([a-z0-9.+-]+|\*)$", content.Name));
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Resolve(reference)));
        foreach (JsonProperty schema in _document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            Assert.True(references.Any(reference => reference == $"#/components/schemas/{schema.Name}"), $"nobody refers to {schema.Name}");
        }
    }

    [Theory]
    [InlineData("AliasBody", "version", "why")]
    [InlineData(
        "PredictBody",
        "text",
        "texts",
        "query",
        "documents",
        "asset",
        "url",
        "top_n",
        "top",
        "score_threshold",
        "overlap_threshold",
        "max_detections",
        "key",
        "language",
        "parameters"
    )]
    public void ABody_ListsWhatIsTaken_AndDemandsNothingThatMayBeAbsent(string body, params string[] properties)
    {
        JsonElement schema = _document.GetProperty("components").GetProperty("schemas").GetProperty(body);

        Assert.Equal(properties, schema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.False(schema.TryGetProperty("required", out _));
    }

    [Fact]
    public void EveryValue_HasOneType_WhichIsNotNull()
    {
        Assert.All(Find(_document.GetProperty("components"), "type").Where(type => type.ValueKind != JsonValueKind.Object), type =>
            Assert.Equal(JsonValueKind.String, type.ValueKind)
        );
    }

    private IEnumerable<(string Path, string Method, JsonElement Value)> Operations() =>
        from path in _document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        where method.Name != "servers"
        select Methods.Contains(method.Name)
            ? (path.Name, method.Name, method.Value)
            : throw new Xunit.Sdk.XunitException($"{path.Name} has '{method.Name}'");

    private static IEnumerable<JsonElement> Find(JsonElement node, string name) =>
        node.ValueKind switch
        {
            JsonValueKind.Object => node.EnumerateObject()
                .SelectMany(field => field.Name == name ? [field.Value] : Find(field.Value, name)),
            JsonValueKind.Array => node.EnumerateArray().SelectMany(item => Find(item, name)),
            _ => [],
        };

    private JsonNode? Resolve(string reference)
    {
        JsonNode? node = JsonNode.Parse(_document.GetRawText());
        foreach (string part in reference.Split('/').Skip(1))
        {
            node = node is JsonArray list
                ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]
                : node?[part.Replace("~1", "/", StringComparison.Ordinal)];
        }
        return node;
    }

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathParameter();
}
