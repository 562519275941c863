using System.Globalization;
using System.Text.Json;

namespace Serverless.Serving.OpenInference;

/// <summary>Reads the small parts of a request, each within its limit; what is not allowed is named.</summary>
internal static class JsonTokens
{
    // What Triton knows and this server does not; to ignore it would answer something else than was asked.
    private static readonly string[] Unsupported =
    [
        ClassifiedOutput.Extension, // of an output alone, which takes it out
        "shared_memory_region",
        "shared_memory_offset",
        "shared_memory_byte_size",
        "sequence_id",
    ];

    /// <summary>To the value; true where that is null, which is as good as absent.</summary>
    public static bool IsNullValue(this ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null;
    }

    public static void SkipValue(this ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    public static void Expect(this ref Utf8JsonReader json, JsonTokenType type, string what)
    {
        if (json.TokenType != type)
        {
            throw Refusal.Invalid($"{what} is {Describe(json.TokenType)}; allowed is {Describe(type)}.");
        }
    }

    public static string ReadText(this ref Utf8JsonReader json, string what, int maxCharacters)
    {
        json.Expect(JsonTokenType.String, what);
        if (json.ValueSpan.Length > maxCharacters * 6)
        {
            // the longest way to write one: \u0041
            throw Refusal.Invalid($"{what} has {json.ValueSpan.Length} bytes; allowed are {maxCharacters} characters.");
        }
        string text = json.GetString()!;
        return text.Length <= maxCharacters
            ? text
            : throw Refusal.Invalid($"{what} has {text.Length} characters; allowed are {maxCharacters}.");
    }

    /// <summary>Key and value pairs; values are strings, numbers or truth values (section "Parameters").</summary>
    public static Dictionary<string, object> ReadParameters(this ref Utf8JsonReader json, string what, ProtocolLimits limits)
    {
        json.Expect(JsonTokenType.StartObject, what);
        Dictionary<string, object> parameters = new(StringComparer.Ordinal);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            json.Read();
            string where = $"{what} '{name}'";
            object value = json.TokenType switch
            {
                JsonTokenType.String => json.ReadText(where, limits.MaxNameCharacters),
                JsonTokenType.True => true,
                JsonTokenType.False => false,
                JsonTokenType.Number => json.TryGetInt64(out long whole) ? (object)whole : json.GetDouble(),
                _ => throw Refusal.Invalid($"{where} is {Describe(json.TokenType)}; allowed are a string, a number, true and false."),
            };
            if (!parameters.TryAdd(name, value))
            {
                throw Refusal.Invalid($"{where} is there twice; which of the two is meant, nothing says.");
            }
            if (parameters.Count > limits.MaxParameters)
            {
                throw Refusal.Invalid($"{what} has more than {limits.MaxParameters} entries, which is the most allowed.");
            }
        }
        return parameters;
    }

    public static void RefuseExtensions(this IReadOnlyDictionary<string, object> parameters, string what)
    {
        if (Unsupported.FirstOrDefault(parameters.ContainsKey) is { } name)
        {
            throw Refusal.Invalid(
                $"{what} '{name}' is not taken here; of the protocol's extensions this server has {BinaryTensorData.Extension}, and "
                    + $"{ClassifiedOutput.Extension} for outputs."
            );
        }
    }

    public static bool? Flag(this IReadOnlyDictionary<string, object> parameters, string name, string what) =>
        parameters.GetValueOrDefault(name) switch
        {
            null => null,
            bool flag => flag,
            var other => throw Refusal.Invalid($"{what} '{name}' is {Show(other)}; allowed are true and false."),
        };

    /// <summary>The value of a parameter as JSON has it: of '3' and 3 only one is a number.</summary>
    public static string Show(object value) =>
        value switch
        {
            string text => $"'{text}'",
            bool flag => flag ? "true" : "false",
            _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        };

    public static string Describe(JsonTokenType type) =>
        type switch
        {
            JsonTokenType.StartObject or JsonTokenType.EndObject => "an object",
            JsonTokenType.StartArray or JsonTokenType.EndArray => "an array",
            JsonTokenType.String or JsonTokenType.PropertyName => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Null => "null",
            _ => "nothing",
        };
}
