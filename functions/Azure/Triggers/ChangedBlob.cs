using System.Text.Json;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>
/// Reads the events Microsoft.Storage.BlobCreated, .BlobDeleted and .BlobTierChanged, in the schema of Event Grid or that of CloudEvents.
/// https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage
/// </summary>
/// <param name="IsDeleted">Whether it says that the blob is gone; what is there, the store knows.</param>
/// <param name="Keys">
/// The name that the event's subject has, and that name unescaped where it differs: which of the two a subject is stands nowhere, and
/// what is said of a blob that never was has no effect.
/// </param>
internal sealed record ChangedBlob(bool IsDeleted, string Container, IReadOnlyList<string> Keys)
{
    private const string Deleted = "Microsoft.Storage.BlobDeleted";
    private const string ContainersPrefix = "/blobServices/default/containers/";
    private const string BlobsSeparator = "/blobs/";

    private static readonly string[] Types = [Deleted, "Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobTierChanged"];

    /// <summary>Null for an event of another type.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It is no event, or names no blob.</exception>
    public static ChangedBlob? Read(BinaryData message)
    {
        using JsonDocument json = JsonDocument.Parse(message);
        JsonElement root = json.RootElement;
        string? type = TextOf(root, "eventType") ?? TextOf(root, "type");
        if (type is null)
        {
            throw new InvalidDataException(
                $"found a JSON {root.ValueKind} without eventType; expected is one of {string.Join(", ", Types)}."
            );
        }
        return Types.Contains(type) ? Read(type, TextOf(root, "subject") ?? "") : null;
    }

    private static ChangedBlob Read(string type, string subject)
    {
        int separator = subject.IndexOf(BlobsSeparator, StringComparison.Ordinal);
        if (!subject.StartsWith(ContainersPrefix, StringComparison.Ordinal) || separator <= ContainersPrefix.Length)
        {
            throw new InvalidDataException($"its subject names no blob; expected is {ContainersPrefix}CONTAINER{BlobsSeparator}NAME.");
        }
        string container = subject[ContainersPrefix.Length..separator];
        string key = subject[(separator + BlobsSeparator.Length)..];
        string[] keys = [.. new[] { key, Uri.UnescapeDataString(key) }.Where(name => name.Length > 0).Distinct()];
        return new ChangedBlob(type == Deleted, container, keys);
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement found)
        && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;
}
