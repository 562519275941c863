using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Captures;

/// <summary>How lines are written: camel case, enums by name, absent instead of null, numbers that JSON has not by their names.</summary>
internal static class CaptureJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
}
