using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Rollout;

/// <summary>How every record of this library is written: camel case, enums by name, absent instead of null.</summary>
public static class RolloutJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    public static BinaryData Write<T>(T value) => new(JsonSerializer.SerializeToUtf8Bytes(value, Options));

    public static T Read<T>(BinaryData data) =>
        JsonSerializer.Deserialize<T>(data, Options) ?? throw new JsonException($"A {typeof(T).Name} was expected, found null.");

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
