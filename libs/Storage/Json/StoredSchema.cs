using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Storage;

/// <summary>
/// JSON schemas (draft 2020-12) of records as <see cref="StoredJson"/> writes them: what may be null is left out instead, and attributes
/// say what types cannot.
/// </summary>
public static class StoredSchema
{
    private static readonly JsonSerializerOptions Open = new(StoredJson.Options) { NumberHandling = JsonNumberHandling.Strict };
    private static readonly JsonSerializerOptions Closed = new(Open) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    };

    /// <summary>A recursive record refers to itself from the root of its schema.</summary>
    /// <param name="isClosed">Whether a record has no other properties than its own.</param>
    public static JsonNode Of(Type type, bool isClosed = false) => (isClosed ? Closed : Open).GetJsonSchemaAsNode(type, Exporting);

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject keywords)
        {
            return new JsonObject(); // as good as true, and read by generators that know no other schemas than objects
        }
        LeaveNullOut(keywords);
        if (keywords["properties"] is JsonObject properties)
        {
            Require(keywords, context.TypeInfo.Properties.Where(property => properties.ContainsKey(property.Name)));
            LeaveNullDefaultsOut(properties.Select(property => property.Value).OfType<JsonObject>());
        }
        if (keywords["enum"] is JsonArray names && names.All(name => name?.GetValueKind() == JsonValueKind.String))
        {
            keywords.Remove("type");
            keywords.Insert(0, "type", "string"); // generators take names without a type for numbers
        }
        if (FormatOf(Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type) is { } format)
        {
            keywords.TryAdd("format", format);
        }
        foreach ((string keyword, JsonNode value) in AttributesOf(context).SelectMany(attribute => KeywordsOf(attribute, context.TypeInfo)))
        {
            keywords.TryAdd(keyword, value);
        }
        return keywords;
    }

    /// <summary>As OpenAPI names them (spec.openapis.org/registry/format): whoever makes a client needs the width of a number.</summary>
    private static string? FormatOf(Type type) =>
        type == typeof(int) ? "int32"
        : type == typeof(long) ? "int64"
        : type == typeof(float) ? "float"
        : type == typeof(double) ? "double"
        : null;

    private static void LeaveNullOut(JsonObject keywords)
    {
        if (keywords["type"] is JsonArray types)
        {
            types.RemoveAll(type => (string?)type == "null");
            if (types.Count == 1)
            {
                keywords["type"] = types[0]!.DeepClone();
            }
        }
        (keywords["enum"] as JsonArray)?.RemoveAll(value => value is null);
    }

    /// <summary>From the record that has them: of a property that may be anything nobody is told.</summary>
    private static void LeaveNullDefaultsOut(IEnumerable<JsonObject> properties)
    {
        foreach (JsonObject property in properties)
        {
            if (property.TryGetPropertyValue("default", out JsonNode? value) && value is null)
            {
                property.Remove("default");
            }
        }
    }

    /// <summary>What is never null is there, unless whoever reads it has a value to put in its place; what is [Required] is, too.</summary>
    private static void Require(JsonObject keywords, IEnumerable<JsonPropertyInfo> properties)
    {
        JsonNode[] required =
        [
            .. properties
                .Where(property =>
                    property is { IsGetNullable: false, AssociatedParameter: not { HasDefaultValue: true } }
                    || property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) == true
                )
                .Select(property => JsonValue.Create(property.Name)),
        ];
        keywords.Remove("required");
        if (required.Length > 0)
        {
            keywords["required"] = new JsonArray(required);
        }
    }

    /// <summary>Those of the property, of the parameter that makes it, and of its type.</summary>
    private static IEnumerable<object> AttributesOf(JsonSchemaExporterContext context) =>
        new[]
        {
            context.PropertyInfo?.AttributeProvider,
            context.PropertyInfo?.AssociatedParameter?.AttributeProvider,
            context.TypeInfo.Type,
        }.SelectMany(provider => provider?.GetCustomAttributes(inherit: false) ?? []);

    private static IEnumerable<(string Keyword, JsonNode Value)> KeywordsOf(object attribute, JsonTypeInfo type) =>
        attribute switch
        {
            DescriptionAttribute words => [("description", words.Description)],
            RegularExpressionAttribute text => [("pattern", text.Pattern)],
            MinLengthAttribute least => [(type.Kind == JsonTypeInfoKind.Enumerable ? "minItems" : "minLength", least.Length)],
            AllowedValuesAttribute allowed => [("enum", JsonSerializer.SerializeToNode(allowed.Values)!)],
            RangeAttribute { Maximum: int.MaxValue or double.MaxValue } range => [("minimum", ToNode(range.Minimum))],
            RangeAttribute range => [("minimum", ToNode(range.Minimum)), ("maximum", ToNode(range.Maximum))],
            _ => [],
        };

    private static JsonNode ToNode(object number) => JsonSerializer.SerializeToNode(number)!;
}
