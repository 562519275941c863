using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Serverless.Functions.Azure.Graph;

/// <summary>A function of the app, as the worker tells the host of it.</summary>
/// <param name="Kind">Of its trigger: "http", "timer", "queue", "blob", "orchestration", "activity", ….</param>
/// <param name="Detail">What it listens to: a method and route, a schedule, a queue, a path of blobs; empty where its kind says it
/// all.</param>
/// <param name="HasSource">The detail names something that others write into.</param>
internal sealed record DeclaredFunction(string Name, string Kind, string Detail, bool HasSource)
{
    private const string Suffix = "Trigger";

    /// <summary>Members of triggers that name what they listen to; of HTTP and timers each is its own.</summary>
    private static readonly string[] Sources = ["queueName", "blobPath", "path", "topicName", "eventHubName"];

    /// <summary>Null where it has no trigger.</summary>
    public static DeclaredFunction? Of(IFunctionMetadata function)
    {
        foreach (string binding in function.RawBindings ?? [])
        {
            using JsonDocument document = JsonDocument.Parse(binding);
            JsonElement trigger = document.RootElement;
            if (
                TextOf(trigger, "type") is { } type
                && type.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
                && function.Name is { } name
            )
            {
                string? source = Sources.Select(member => TextOf(trigger, member)).FirstOrDefault(text => text is not null);
                return new DeclaredFunction(
                    name,
                    JsonNamingPolicy.CamelCase.ConvertName(type[..^Suffix.Length]),
                    source ?? TextOf(trigger, "schedule") ?? RouteOf(trigger) ?? "",
                    source is not null
                );
            }
        }
        return null;
    }

    private static string? RouteOf(JsonElement trigger) =>
        TextOf(trigger, "route") is { } route
            ? trigger.TryGetProperty("methods", out JsonElement methods) && methods.ValueKind == JsonValueKind.Array
                ? $"{string.Join(", ", methods.EnumerateArray().Select(method => method.ToString().ToUpperInvariant()))} /{route}"
                : $"/{route}"
            : null;

    private static string? TextOf(JsonElement within, string name) =>
        within.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
