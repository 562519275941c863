using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.DurableTask;

namespace Serverless.Embedded.Runtime.Durable.History;

/// <summary>How events, failures and tags are written to disk.</summary>
internal static class DurableJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = DurableJsonContext.Default,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter<Microsoft.DurableTask.Client.OrchestrationRuntimeStatus>() },
        // The text goes into a database, never into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonTypeInfo<DurableEvent> Event = (JsonTypeInfo<DurableEvent>)Options.GetTypeInfo(typeof(DurableEvent));
    private static readonly JsonTypeInfo<TaskFailureDetails> Failure = (JsonTypeInfo<TaskFailureDetails>)Options.GetTypeInfo(typeof(TaskFailureDetails));
    private static readonly JsonTypeInfo<IReadOnlyDictionary<string, string>> Tags =
        (JsonTypeInfo<IReadOnlyDictionary<string, string>>)Options.GetTypeInfo(typeof(IReadOnlyDictionary<string, string>));

    public static string Write(DurableEvent item) => JsonSerializer.Serialize(item, Event);

    public static DurableEvent ReadEvent(string text) =>
        JsonSerializer.Deserialize(text, Event) ?? throw new JsonException("A stored event is null.");

    public static string? Write(TaskFailureDetails? failure) => failure is null ? null : JsonSerializer.Serialize(failure, Failure);

    public static TaskFailureDetails? ReadFailure(string? text) => text is null ? null : JsonSerializer.Deserialize(text, Failure);

    public static string? Write(IReadOnlyDictionary<string, string>? tags) =>
        tags is null or { Count: 0 } ? null : JsonSerializer.Serialize(tags, Tags);

    public static IReadOnlyDictionary<string, string>? ReadTags(string? text) => text is null ? null : JsonSerializer.Deserialize(text, Tags);
}

[JsonSerializable(typeof(DurableEvent))]
[JsonSerializable(typeof(TaskFailureDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class DurableJsonContext : JsonSerializerContext;
