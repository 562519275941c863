using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Bodies;
using Serverless.Functions.Azure.Predictions.OpenInference;

namespace Serverless.Functions.Azure.OpenApi;

/// <summary>
/// The app's description by OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1): routes from the triggers, words from the operations, schemas from
/// the records.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly (string Name, string Description, IReadOnlyList<Operation> Operations)[] Areas =
    [
        ("Predictions", "Typed answers of the models that serve", PredictionOperations.All),
        ("Open Inference Protocol", "Tensors in and out, by the protocol's version 2", OpenInferenceOperations.All),
        ("Models", "Versions, aliases, history", ModelOperations.All),
        ("Promotions", "From one environment to the next, watched; experiments between versions", PromotionOperations.All),
        ("Drift", "Whether inputs and answers of versions in production have shifted", DriftOperations.All),
        ("Exports", "Captured predictions and feedback as training data", ExportOperations.All),
        ("Webhooks", "Who is told of what", WebhookOperations.All),
        ("Alerts", "What is not as it should be, who is told, and what to do", AlertOperations.All),
        ("Sources", "Containers and buckets whose objects are uploads", SourceOperations.All),
        ("Assets", "Uploads, what was found in them, and search", AssetOperations.All),
        ("Acts", "What operators do to runs, and the log of all acts", ActOperations.All),
        ("Operation", "Runs, health, metrics, console", SystemOperations.All),
    ];

    private static readonly int[] Passing = [StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable];

    /// <summary>Whatever is asked: a query or header that is none, a lane that is full, a store that is away.</summary>
    private static readonly int[] OfAll = [StatusCodes.Status400BadRequest, .. Passing];

    public static IEnumerable<Operation> Operations => Areas.SelectMany(area => area.Operations);

    public static JsonObject Make()
    {
        OpenApiSchemas schemas = new();
        string problem = schemas.Add(typeof(ProblemDetails)),
            error = schemas.Add(typeof(OpenInferenceError));
        JsonObject paths = [];
        foreach (HttpRoute route in HttpRoute.All.OrderBy(route => route.Path, StringComparer.Ordinal))
        {
            if (Find(route.Function) is not (string area, Operation operation))
            {
                continue; // a test finds what is not described
            }
            if (paths[route.Path] is not JsonObject path)
            {
                paths[route.Path] = path = [];
                if (operation.IsProtocol)
                {
                    path["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }, new JsonObject { ["url"] = "/api" });
                }
            }
            path[route.Method] = Describe(
                route,
                area,
                operation,
                schemas,
                operation.IsProtocol ? ("application/json", error) : ("application/problem+json", problem)
            );
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Serverless media pipeline",
                ["description"] =
                    $"Every body may be sent compressed, by one of {BodyEncoding.Taken}; its limit holds for what it inflates to.",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([
                .. Areas.Select(area => new JsonObject { ["name"] = area.Name, ["description"] = area.Description }),
            ]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.ToJson(),
                ["securitySchemes"] = new JsonObject
                {
                    ["header"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "x-functions-key",
                    },
                    ["query"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "query",
                        ["name"] = "code",
                    },
                },
            },
        };
    }

    private static (string Area, Operation Operation)? Find(string function) =>
        Areas
            .SelectMany(area => area.Operations.Select(operation => ((string, Operation)?)(area.Name, operation)))
            .FirstOrDefault(found => found!.Value.Item2.Function == function);

    private static JsonObject Describe(
        HttpRoute route,
        string area,
        Operation operation,
        OpenApiSchemas schemas,
        (string MediaType, string Schema) fault
    )
    {
        JsonObject described = new()
        {
            ["operationId"] = operation.Function,
            ["tags"] = new JsonArray(area),
            ["summary"] = operation.Summary,
            ["parameters"] = new JsonArray([.. route.Parameters.Select(PathParameter), .. operation.Parameters.Select(Describe)]),
            ["responses"] = Answers(route, operation, schemas, fault),
            ["security"] = Security(route),
        };
        if (operation.Bodies.Count > 0)
        {
            JsonObject content = [];
            foreach (Content body in operation.Bodies)
            {
                foreach ((string mediaType, JsonNode? media) in body.ToJson(schemas)!)
                {
                    content[mediaType] = media!.DeepClone();
                }
            }
            described["requestBody"] = new JsonObject { ["required"] = !operation.IsBodyOptional, ["content"] = content };
        }
        return described;
    }

    /// <summary>The key in one of its two places, with the role that is needed; an empty requirement says that none is.</summary>
    private static JsonArray Security(HttpRoute route)
    {
        AccessRoles role = RouteRoles.Of(route.Function);
        return role == AccessRoles.None
            ? []
            : new JsonArray(
                new JsonObject { ["header"] = new JsonArray(role.Write()) },
                new JsonObject { ["query"] = new JsonArray(role.Write()) }
            );
    }

    private static JsonObject Answers(HttpRoute route, Operation operation, OpenApiSchemas schemas, (string MediaType, string Schema) fault)
    {
        JsonObject answers = [];
        foreach ((int status, Content content) in operation.Answers)
        {
            JsonObject answer = new() { ["description"] = content.Description ?? ReasonPhrases.GetReasonPhrase(status) };
            if (content.ToJson(schemas) is { } media)
            {
                answer["content"] = media;
            }
            answers[status.ToString(CultureInfo.InvariantCulture)] = answer;
        }
        AccessRoles role = RouteRoles.Of(route.Function);
        if (role != AccessRoles.None)
        {
            answers["401"] = new JsonObject { ["description"] = "The key is missing or wrong" };
        }
        IEnumerable<int> faults = operation.Faults.Concat(OfAll).Concat(role == AccessRoles.None ? [] : [StatusCodes.Status403Forbidden]);
        foreach (int status in faults.Distinct().Order().Where(status => !operation.Answers.ContainsKey(status)))
        {
            answers[status.ToString(CultureInfo.InvariantCulture)] = Fault(status, role, fault);
        }
        return answers;
    }

    private static JsonObject Fault(int status, AccessRoles role, (string MediaType, string Schema) fault)
    {
        JsonObject described = new()
        {
            ["description"] =
                status == StatusCodes.Status403Forbidden
                    ? $"The caller has not the role {role.Write()}, or may not do this"
                    : ReasonPhrases.GetReasonPhrase(status),
            ["content"] = new JsonObject
            {
                [fault.MediaType] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{fault.Schema}" } },
            },
        };
        if (Passing.Contains(status))
        {
            described["headers"] = new JsonObject
            {
                [HeaderNames.RetryAfter] = new JsonObject
                {
                    ["description"] = "Seconds after which it may be tried again, where that may help",
                    ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
                },
            };
        }
        return described;
    }

    private static JsonObject PathParameter(string name) =>
        new()
        {
            ["name"] = name,
            ["in"] = "path",
            ["required"] = true,
            ["schema"] = new JsonObject { ["type"] = "string" },
        };

    /// <summary>A name that ends in a placeholder stands for all that begin so: an object of which each property is a parameter.</summary>
    private static JsonObject Describe(Parameter parameter) =>
        parameter.Name.IndexOf(".{", StringComparison.Ordinal) is > 0 and var end
            ? new()
            {
                ["name"] = parameter.Name[..end],
                ["in"] = parameter.In,
                ["description"] = parameter.Description,
                ["required"] = parameter.Required,
                ["style"] = "form",
                ["explode"] = true,
                ["schema"] = new JsonObject
                {
                    ["type"] = "object",
                    ["propertyNames"] = new JsonObject { ["pattern"] = $@"^{parameter.Name[..end]}\..+$" },
                    ["additionalProperties"] = new JsonObject { ["type"] = parameter.Type },
                },
            }
            : new()
            {
                ["name"] = parameter.Name,
                ["in"] = parameter.In,
                ["description"] = parameter.Description,
                ["required"] = parameter.Required,
                ["schema"] =
                    parameter.Type == "array"
                        ? new JsonObject
                        {
                            ["type"] = "array",
                            ["items"] = new JsonObject { ["type"] = "string" },
                        }
                        : new JsonObject { ["type"] = parameter.Type },
            };
}
