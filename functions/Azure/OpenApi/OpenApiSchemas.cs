using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Storage;

namespace Serverless.Functions.Azure.OpenApi;

/// <summary>The schemas of a document: made of the very records that are written and read, so that they cannot say anything else.</summary>
internal sealed class OpenApiSchemas
{
    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);

    /// <summary>The record's name in the document.</summary>
    public string Add(Type type, bool isClosed = false)
    {
        string name = NameOf(type);
        if (_schemas.ContainsKey(name))
        {
            return name;
        }
        JsonNode schema = StoredSchema.Of(type, isClosed);
        Rebase(schema, $"#/components/schemas/{name}");
        _schemas[name] = schema;
        return name;
    }

    public JsonObject ToJson() => new(_schemas.Select(schema => new KeyValuePair<string, JsonNode?>(schema.Key, schema.Value)));

    /// <summary>ListAnswer&lt;AssetAnswer&gt; is AssetAnswerList, and so is a bare list; other generic types do not occur.</summary>
    private static string NameOf(Type type) => type.IsGenericType ? $"{NameOf(type.GenericTypeArguments[0])}List" : type.Name;

    /// <summary>A recursive record refers to itself from its own root, which here lies deeper.</summary>
    private static void Rebase(JsonNode? node, string root)
    {
        if (node is JsonObject map)
        {
            if (map["$ref"]?.GetValueKind() == JsonValueKind.String && (string?)map["$ref"] is { } reference && reference.StartsWith('#'))
            {
                map["$ref"] = root + reference[1..];
            }
            foreach ((_, JsonNode? child) in map.ToArray())
            {
                Rebase(child, root);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? child in list)
            {
                Rebase(child, root);
            }
        }
    }
}
