using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless.Local.Events.Stores;

/// <summary>
/// An event of Azure Blob Storage in the Event Grid schema.
/// https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage
/// </summary>
internal static class BlobEvent
{
    public const string Created = "Microsoft.Storage.BlobCreated";
    public const string Deleted = "Microsoft.Storage.BlobDeleted";

    public static bool IsDeletion(string json)
    {
        using JsonDocument parsed = JsonDocument.Parse(json);
        return parsed.RootElement.GetProperty("eventType").GetString() == Deleted;
    }

    /// <summary>The same event of the same version has the same id, so that a receiver can tell a repetition.</summary>
    public static string Format(string type, FoundObject blob, string account, string container, Uri url)
    {
        string id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{type} {url.AbsoluteUri} {blob.ETag}")).AsSpan(0, 16)).ToString();
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("topic", $"/subscriptions/local/resourceGroups/local/providers/Microsoft.Storage/storageAccounts/{account}");
            json.WriteString("subject", $"/blobServices/default/containers/{container}/blobs/{blob.Key}");
            json.WriteString("eventType", type);
            json.WriteString("id", id);
            json.WriteStartObject("data");
            json.WriteString("api", type == Created ? "PutBlob" : "DeleteBlob");
            json.WriteString("requestId", id);
            json.WriteString("eTag", blob.ETag);
            json.WriteString("contentType", blob.ContentType);
            json.WriteNumber("contentLength", blob.Size);
            json.WriteString("blobType", blob.BlobType);
            json.WriteString("url", url.AbsoluteUri);
            json.WriteString("sequencer", blob.Modified.UtcTicks.ToString("X32", CultureInfo.InvariantCulture));
            json.WriteStartObject("storageDiagnostics");
            json.WriteString("batchId", id);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("dataVersion", "");
            json.WriteString("metadataVersion", "1");
            json.WriteString("eventTime", blob.Modified.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
