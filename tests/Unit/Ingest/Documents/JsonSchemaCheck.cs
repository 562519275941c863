using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless.Unit.Ingest.Documents;

/// <summary>
/// Holds a document against a JSON schema (draft 2020-12); fails on a keyword that it does not know, so that none is passed over.
/// </summary>
/// <param name="root">Where references begin.</param>
/// <param name="start">The schema itself, where it lies deeper.</param>
internal sealed class JsonSchemaCheck(JsonElement root, JsonElement? start = null)
{
    private static readonly string[] Annotations = ["$schema", "$id", "$defs", "title", "description", "default", "format"];

    public IReadOnlyList<string> Faults(JsonElement value) => [.. Check(start ?? root, value, "$")];

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string at) =>
        schema.ValueKind == JsonValueKind.True
            ? []
            : schema
                .EnumerateObject()
                .Where(keyword => !Annotations.Contains(keyword.Name))
                .SelectMany(keyword => Check(keyword, schema, value, at));

    private IEnumerable<string> Check(JsonProperty keyword, JsonElement schema, JsonElement value, string at) =>
        keyword.Name switch
        {
            "$ref" => Check(Resolve(keyword.Value.GetString()!), value, at),
            "type" => FaultIf(!IsOfType(value, keyword.Value.GetString()!), at, $"is {value.ValueKind}, not {keyword.Value}"),
            "const" => FaultIf(!JsonElement.DeepEquals(value, keyword.Value), at, $"is {value}, not {keyword.Value}"),
            "enum" => FaultIf(
                !keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
                at,
                $"is {value}, none of {keyword.Value}"
            ),
            "pattern" => FaultIf(
                !Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!),
                at,
                $"is {value}, which does not match {keyword.Value}"
            ),
            "minLength" => FaultIf(value.GetString()!.Length < keyword.Value.GetInt32(), at, "is too short"),
            "minimum" => FaultIf(value.GetDouble() < keyword.Value.GetDouble(), at, $"is {value}, below {keyword.Value}"),
            "maximum" => FaultIf(value.GetDouble() > keyword.Value.GetDouble(), at, $"is {value}, above {keyword.Value}"),
            "minItems" => FaultIf(value.GetArrayLength() < keyword.Value.GetInt32(), at, "has too few items"),
            "items" => value.EnumerateArray().SelectMany((item, i) => Check(keyword.Value, item, $"{at}[{i}]")),
            "required" => keyword
                .Value.EnumerateArray()
                .Where(name => !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"{at} lacks {name}"),
            "properties" => keyword
                .Value.EnumerateObject()
                .SelectMany(property =>
                    value.TryGetProperty(property.Name, out JsonElement part) ? Check(property.Value, part, $"{at}.{property.Name}") : []
                ),
            "additionalProperties" when keyword.Value.ValueKind == JsonValueKind.Object => value
                .EnumerateObject()
                .SelectMany(property => Check(keyword.Value, property.Value, $"{at}.{property.Name}")),
            "additionalProperties" => value
                .EnumerateObject()
                .Where(property => !schema.GetProperty("properties").TryGetProperty(property.Name, out _))
                .Select(property => $"{at} has {property.Name} too"),
            "oneOf" => FaultIf(
                keyword.Value.EnumerateArray().Count(one => !Check(one, value, at).Any()) != 1,
                at,
                "fits not exactly one of oneOf"
            ),
            _ => throw new NotSupportedException($"The check does not know the keyword {keyword.Name}."),
        };

    private JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(root, (element, name) => element.GetProperty(name));

    private static bool IsOfType(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => throw new NotSupportedException($"The check does not know the type {type}."),
        };

    private static IEnumerable<string> FaultIf(bool wrong, string at, string fault) => wrong ? [$"{at} {fault}"] : [];
}
