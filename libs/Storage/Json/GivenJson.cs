using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Storage;

/// <summary>
/// Reads what callers and configuration write, more strictly than what the program wrote itself: a member that the record does not have,
/// one that is there twice, one that is missing and has neither a default nor may be null, null where the record's types admit none, a
/// number in quotes or for a name, what is of another kind, and text that is no Unicode are faults that name their place.
/// </summary>
public static class GivenJson
{
    /// <summary>Text with half a pair would be changed on its way through UTF-8, so that nothing could find it again.</summary>
    private const string HalfPair =
        "has half a character, such as half of an emoji (a lone surrogate, or bytes that are no UTF-8); expected are whole characters.";

    private static readonly ConcurrentDictionary<PropertyInfo, NullabilityInfo> Declarations = [];

    /// <summary>Of formats that let others add members of their own, and leave some out.</summary>
    private static readonly JsonSerializerOptions Open = Create(JsonUnmappedMemberHandling.Skip, new DefaultJsonTypeInfoResolver());

    public static JsonSerializerOptions Options { get; } =
        Create(JsonUnmappedMemberHandling.Disallow, new DefaultJsonTypeInfoResolver { Modifiers = { Demand } });

    /// <param name="isOpen">Whether members that the record does not have are passed over, and those that it lacks too.</param>
    /// <exception cref="JsonException">The message goes with <see cref="JsonFault.Describe"/>.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, bool isOpen = false)
        where T : class
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        using JsonDocument document = JsonDocument.Parse(json.Span.StartsWith(mark) ? json[mark.Length..] : json);
        return Read<T>(document.RootElement, "", isOpen ? Open : Options);
    }

    /// <param name="place">Where it stands, put before the names of its members.</param>
    /// <exception cref="JsonException">The message goes with <see cref="JsonFault.Describe"/>.</exception>
    public static T Read<T>(JsonElement json, string place = "")
        where T : class => Read<T>(json, place, Options);

    /// <exception cref="JsonException">The message goes with <see cref="JsonFault.Describe"/>.</exception>
    public static object Read(JsonElement json, Type type, string place = "")
    {
        Check(json, type, declared: null, place, isOpen: false);
        return json.Deserialize(type, Options) ?? throw new JsonException("It is null; expected is a value.");
    }

    private static T Read<T>(JsonElement json, string place, JsonSerializerOptions options)
        where T : class
    {
        Check(json, typeof(T), declared: null, place, isOpen: options == Open);
        return json.Deserialize<T>(options) ?? throw new JsonException("It is null; expected is a JSON object.");
    }

    private static JsonSerializerOptions Create(JsonUnmappedMemberHandling unknown, IJsonTypeInfoResolver resolver)
    {
        JsonSerializerOptions options = new(StoredJson.Options)
        {
            NumberHandling = JsonNumberHandling.Strict,
            UnmappedMemberHandling = unknown,
            TypeInfoResolver = resolver,
        };
        // Members by name alone: a number would be one that the schema does not have.
        options.Converters.Clear();
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }

    private static void Demand(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo member in type.Properties)
        {
            member.IsRequired |= member.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };
        }
    }

    /// <param name="type">Null where any JSON is taken.</param>
    /// <param name="declared">Null of the outermost value.</param>
    private static void Check(JsonElement value, Type? type, NullabilityInfo? declared, string place, bool isOpen)
    {
        JsonTypeInfo? known = type is null ? null : Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (value.ValueKind)
        {
            case JsonValueKind.Null when declared?.ReadState == NullabilityState.NotNull:
                throw new JsonException($"{place} is null; expected is a value.");
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(value) is var raw && !IsText(value, raw):
                throw new JsonException($"{(place.Length > 0 ? place : "The text")} {HalfPair}");
            case JsonValueKind.String when IsName(type) && value.GetString()!.Contains(','):
                throw new JsonException($"{place} has a comma; expected is one name.");
            case not JsonValueKind.Null when known is not null && GivenKind.FaultOf(value, known) is { } fault:
                throw new JsonException($"{(place.Length > 0 ? place : "It")} {fault}");
            case JsonValueKind.Array:
                CheckItems(value, known, declared, place, isOpen);
                break;
            case JsonValueKind.Object:
                CheckMembers(value, known, declared, place, isOpen);
                break;
        }
    }

    /// <summary>The converter adds up the members of any enum whose names stand between commas.</summary>
    private static bool IsName(Type? type) => type is not null && (Nullable.GetUnderlyingType(type) ?? type).IsEnum;

    private static void CheckItems(JsonElement list, JsonTypeInfo? known, NullabilityInfo? declared, string place, bool isOpen)
    {
        bool isList = known?.Kind == JsonTypeInfoKind.Enumerable;
        NullabilityInfo? item = isList ? declared?.ElementType ?? declared?.GenericTypeArguments.FirstOrDefault() : null;
        int i = 0;
        foreach (JsonElement value in list.EnumerateArray())
        {
            Check(value, isList ? known!.ElementType : null, item, $"{place}[{i++}]", isOpen);
        }
    }

    private static void CheckMembers(JsonElement map, JsonTypeInfo? known, NullabilityInfo? declared, string place, bool isOpen)
    {
        HashSet<string> names = new(known?.Kind == JsonTypeInfoKind.Object ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (JsonProperty member in map.EnumerateObject())
        {
            string name = NameOf(member, place);
            string inner = place.Length > 0 ? $"{place}.{name}" : name;
            if (!names.Add(name))
            {
                throw new JsonException($"{inner} is there twice; which of the two is meant, nothing says.");
            }
            if (known?.Kind == JsonTypeInfoKind.Dictionary)
            {
                Check(member.Value, known.ElementType, declared?.GenericTypeArguments.LastOrDefault(), inner, isOpen);
                continue;
            }
            JsonPropertyInfo? property = known?.Properties.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (property is null && known?.Kind == JsonTypeInfoKind.Object && !isOpen)
            {
                throw new UnknownMemberException(name, place, [.. known.Properties.Where(CanBeGiven).Select(one => one.Name)]);
            }
            Check(member.Value, property?.PropertyType, DeclarationOf(property), inner, isOpen);
        }
    }

    private static bool CanBeGiven(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;

    private static NullabilityInfo? DeclarationOf(JsonPropertyInfo? property) =>
        property?.AttributeProvider is PropertyInfo declared
            ? Declarations.GetOrAdd(declared, static one => new NullabilityInfoContext().Create(one))
            : null;

    private static string NameOf(JsonProperty member, string place)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"The name of a member{(place.Length > 0 ? $" of {place}" : "")} {HalfPair}", e);
        }
    }

    /// <summary>Whether it can be read as text; only what is escaped, or beyond ASCII, can be otherwise.</summary>
    private static bool IsText(JsonElement value, ReadOnlySpan<byte> raw)
    {
        if (System.Text.Ascii.IsValid(raw) && !raw.Contains((byte)'\\'))
        {
            return true;
        }
        try
        {
            _ = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
