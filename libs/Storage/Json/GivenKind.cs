using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Storage;

/// <summary>
/// Holds what somebody wrote against the kind of JSON that belongs there, in words for whoever wrote it; the serializer names a type of
/// ours, and neither what it found nor which names it knows.
/// </summary>
internal static class GivenKind
{
    private const int MaxFoundCharacters = 60;

    /// <summary>Null where it can be read, and of types that have no words here, which the serializer judges alone.</summary>
    public static string? FaultOf(JsonElement value, JsonTypeInfo known) =>
        ExpectedBy(known) is { } expected && !Fits(value, known) ? $"is {Describe(value)}; expected is {expected}." : null;

    private static bool Fits(JsonElement value, JsonTypeInfo known) =>
        known.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => value.ValueKind == JsonValueKind.Object,
            JsonTypeInfoKind.Enumerable => value.ValueKind == JsonValueKind.Array,
            _ when known.Type == typeof(string) => value.ValueKind == JsonValueKind.String,
            _ when known.Type == typeof(double) || known.Type == typeof(float) => value.ValueKind == JsonValueKind.Number,
            _ => CanBeRead(value, known.Type),
        };

    private static bool CanBeRead(JsonElement value, Type type)
    {
        try
        {
            value.Deserialize(type, GivenJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? ExpectedBy(JsonTypeInfo known) =>
        known.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Enumerable => "a list",
            _ => ExpectedBy(known.Type),
        };

    private static string? ExpectedBy(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
        : type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) ? Whole<int>()
        : type == typeof(long) ? Whole<long>()
        : type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? "a number"
        : type == typeof(TimeSpan) ? "a duration such as 00:05:00"
        : type == typeof(DateTimeOffset) ? "a time such as 2026-01-31T12:00:00Z"
        : null;

    private static string Whole<T>()
        where T : IMinMaxValue<T> => $"a whole number from {T.MinValue} to {T.MaxValue}";

    private static string Describe(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => $"'{Shorten(value.GetString()!)}'",
            _ => Shorten(value.GetRawText()),
        };

    public static string Shorten(string found)
    {
        if (found.Length <= MaxFoundCharacters)
        {
            return found;
        }
        // Half of a pair has no form in UTF-8.
        int end = char.IsHighSurrogate(found[MaxFoundCharacters - 1]) ? MaxFoundCharacters - 1 : MaxFoundCharacters;
        return $"{found[..end]} ... ({found.Length:N0} characters)";
    }
}
