using System.Text.Json;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>
/// Reads the event Microsoft.Storage.BlobDeleted, in the schema of Event Grid or that of CloudEvents.
/// https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage
/// </summary>
internal static class DeletedBlob
{
    private const string EventType = "Microsoft.Storage.BlobDeleted";
    private const string ContainersPrefix = "/blobServices/default/containers/";
    private const string BlobsSeparator = "/blobs/";

    /// <summary>
    /// The name that the event's subject has, and that name unescaped where it differs: which of the two a subject is stands nowhere, and
    /// what is said of a blob that never was has no effect. Nothing for an event of another type.
    /// </summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It is no event, or names no blob.</exception>
    public static IEnumerable<(string Container, string Key)> NamesIn(BinaryData message)
    {
        using JsonDocument json = JsonDocument.Parse(message);
        JsonElement root = json.RootElement;
        string? type = TextOf(root, "eventType") ?? TextOf(root, "type");
        if (type is null)
        {
            throw new InvalidDataException($"found a JSON {root.ValueKind} without eventType; expected is an event of {EventType}.");
        }
        return type == EventType ? NamesIn(TextOf(root, "subject") ?? "") : [];
    }

    private static IEnumerable<(string Container, string Key)> NamesIn(string subject)
    {
        int separator = subject.IndexOf(BlobsSeparator, StringComparison.Ordinal);
        if (!subject.StartsWith(ContainersPrefix, StringComparison.Ordinal) || separator <= ContainersPrefix.Length)
        {
            throw new InvalidDataException($"its subject names no blob; expected is {ContainersPrefix}CONTAINER{BlobsSeparator}NAME.");
        }
        string container = subject[ContainersPrefix.Length..separator];
        string key = subject[(separator + BlobsSeparator.Length)..];
        return new[] { key, Uri.UnescapeDataString(key) }.Where(name => name.Length > 0).Distinct().Select(name => (container, name));
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement found)
        && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;
}
