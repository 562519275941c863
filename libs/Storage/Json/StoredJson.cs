using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Storage;

/// <summary>How every record of ours is written: camel case, enums by name, absent instead of null.</summary>
public static class StoredJson
{
    public const string ContentType = "application/json";

    public static JsonSerializerOptions Options { get; } = Create();

    public static BinaryData Write<T>(T value) => new(JsonSerializer.SerializeToUtf8Bytes(value, Options));

    public static T Read<T>(BinaryData data) =>
        JsonSerializer.Deserialize<T>(data, Options) ?? throw new JsonException($"A {typeof(T).Name} was expected, found null.");

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Served as application/json only, never inside HTML: readable text beats escapes.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
