using System.Text.Json.Nodes;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.OpenApi;

/// <summary>What is said of one HTTP function; path, method and key come from its trigger. Built by chaining, then read only.</summary>
internal sealed class Operation(string function, string summary)
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<Content> _bodies = [];
    private readonly SortedDictionary<int, Content> _answers = [];

    /// <summary>The function's name, which is also the operation's id.</summary>
    public string Function { get; } = function;

    public string Summary { get; } = summary;

    public IReadOnlyList<Parameter> Parameters => _parameters;

    public IReadOnlyList<Content> Bodies => _bodies;

    public bool IsBodyOptional { get; private set; }

    public IReadOnlyDictionary<int, Content> Answers => _answers;

    /// <summary>Statuses that problem+json goes with, beside those that every route has.</summary>
    public IReadOnlyList<int> Faults { get; private set; } = [];

    /// <summary>Faults are in the shape of the Open Inference Protocol.</summary>
    public bool IsProtocol { get; private set; }

    public Operation Query(string name, string description, string type = "string", bool required = false) =>
        With(new Parameter("query", name, description, type, required));

    /// <summary>One that may be repeated.</summary>
    public Operation QueryMany(string name, string description) => With(new Parameter("query", name, description, "array", false));

    public Operation Header(string name, string description, string type = "string", bool required = false) =>
        With(new Parameter("header", name, description, type, required));

    /// <summary>Who asks is recorded.</summary>
    public Operation ByName() => Header(Requester.Header, Requester.HeaderDescription, required: true);

    /// <summary>The parameters of a list that is given page by page.</summary>
    public Operation Paged() =>
        Query("limit", "At most so many, 1 to 200; 50 if absent", "integer").Query("after", "The page after the one whose `next` this is");

    /// <summary>A record that <see cref="BodyReader"/> reads, which refuses members that it does not have.</summary>
    public Operation Takes<T>(bool isOptional = false)
    {
        IsBodyOptional = isOptional;
        return TakesOf(new Content("application/json", Type: typeof(T), IsClosed: true));
    }

    public Operation Takes(string mediaType, string description) => TakesOf(new Content(mediaType, description));

    public Operation TakesOf(Content body)
    {
        _bodies.Add(body);
        return this;
    }

    public Operation Gives<T>(int status = 200, string description = "As asked") =>
        Gives(status, new Content("application/json", description, typeof(T)));

    public Operation Gives(string mediaType, string description, int status = 200) => Gives(status, new Content(mediaType, description));

    public Operation GivesNothing(int status, string description) => Gives(status, new Content(null, description));

    public Operation Gives(int status, Content content)
    {
        _answers[status] = content;
        return this;
    }

    /// <summary>Beside what any request may meet.</summary>
    public Operation Fails(params int[] statuses)
    {
        Faults = statuses;
        return this;
    }

    public Operation InProtocol()
    {
        IsProtocol = true;
        return this;
    }

    private Operation With(Parameter parameter)
    {
        _parameters.Add(parameter);
        return this;
    }
}

internal sealed record Parameter(string In, string Name, string Description, string Type, bool Required);

/// <summary>A body or an answer: of a record of ours, or of bytes that have none.</summary>
internal sealed record Content(string? MediaType, string? Description = null, Type? Type = null, bool IsClosed = false)
{
    public JsonObject? ToJson(OpenApiSchemas schemas)
    {
        if (MediaType is null)
        {
            return null;
        }
        JsonObject media = [];
        if (Type is not null)
        {
            media["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schemas.Add(Type, IsClosed)}" };
        }
        return new JsonObject { [MediaType] = media };
    }
}
