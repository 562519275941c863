using Newtonsoft.Json.Linq;

namespace Serverless.Local.Host.Functions;

/// <summary>One binding of a function as its worker reports it; the metadata keeps every property of it.</summary>
internal sealed record FunctionBinding(string Name, string Type, string Direction, JObject Metadata)
{
    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    public bool IsHttpTrigger => Is("httpTrigger");

    /// <summary>The binding types whose function's return value is the trigger's answer.</summary>
    public bool IsDurableTrigger => Is("orchestrationTrigger") || Is("activityTrigger") || Is("entityTrigger");

    public bool IsOutput => Direction.Equals("out", StringComparison.OrdinalIgnoreCase);

    /// <summary>The worker makes the parameter's object itself from a reference to the data.</summary>
    public bool IsDeferred =>
        Metadata.GetValue("properties", StringComparison.OrdinalIgnoreCase) is JObject properties
        && string.Equals(Text(properties, "supportsDeferredBinding"), "true", StringComparison.OrdinalIgnoreCase);

    public bool IsMany => string.Equals(Property("cardinality"), "many", StringComparison.OrdinalIgnoreCase);

    public bool IsBinary => string.Equals(Property("dataType"), "binary", StringComparison.OrdinalIgnoreCase);

    public static FunctionBinding Parse(string json)
    {
        JObject metadata = JObject.Parse(json);
        return new FunctionBinding(
            Text(metadata, "name") ?? "",
            Text(metadata, "type") ?? "",
            Text(metadata, "direction") ?? "in",
            metadata
        );
    }

    public string? Property(string name) => Text(Metadata, name);

    private bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    private static string? Text(JObject metadata, string name) =>
        metadata.GetValue(name, StringComparison.OrdinalIgnoreCase) is JValue { Value: not null } value ? value.ToString() : null;
}
