using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Serverless.Local.Events.Stores;

/// <summary>
/// What S3 sends to a queue when objects are created or removed, event version 2.1.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
/// </summary>
internal static class S3Notification
{
    public const string Created = "ObjectCreated:Put";
    public const string Removed = "ObjectRemoved:Delete";

    private const string Owner = "A3NL1KOZZKExample";

    /// <summary>The message that carries records.</summary>
    public static string Format(IEnumerable<string> records) => $$"""{"Records":[{{string.Join(',', records)}}]}""";

    public static string FormatRecord(string name, FoundObject found, string bucket, string region)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            WriteRecord(json, name, found, bucket, region);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>
    /// As Java's URLEncoder does: "+" for a space, percent signs for all but letters, digits and <c>-_.*</c>; slashes stay.
    /// </summary>
    public static string EncodeKey(string key) =>
        new StringBuilder(WebUtility.UrlEncode(key))
            .Replace("%2F", "/")
            .Replace("!", "%21")
            .Replace("(", "%28")
            .Replace(")", "%29")
            .ToString();

    private static void WriteRecord(Utf8JsonWriter json, string name, FoundObject found, string bucket, string region)
    {
        json.WriteStartObject();
        json.WriteString("eventVersion", "2.1");
        json.WriteString("eventSource", "aws:s3");
        json.WriteString("awsRegion", region);
        json.WriteString("eventTime", found.Modified.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteString("eventName", name);
        WritePrincipal(json, "userIdentity", $"AWS:{Owner}");
        json.WriteStartObject("requestParameters");
        json.WriteString("sourceIPAddress", "127.0.0.1");
        json.WriteEndObject();
        json.WriteStartObject("responseElements");
        json.WriteString("x-amz-request-id", found.ETag[..Math.Min(16, found.ETag.Length)].ToUpperInvariant());
        json.WriteString("x-amz-id-2", found.ETag);
        json.WriteEndObject();
        json.WriteStartObject("s3");
        json.WriteString("s3SchemaVersion", "1.0");
        json.WriteString("configurationId", "local");
        json.WriteStartObject("bucket");
        json.WriteString("name", bucket);
        WritePrincipal(json, "ownerIdentity", Owner);
        json.WriteString("arn", $"arn:aws:s3:::{bucket}");
        json.WriteEndObject();
        json.WriteStartObject("object");
        json.WriteString("key", EncodeKey(found.Key));
        if (name == Created) // of what is gone S3 tells the name alone
        {
            json.WriteNumber("size", found.Size);
            json.WriteString("eTag", found.ETag);
        }
        json.WriteString("sequencer", found.Modified.UtcTicks.ToString("X18", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePrincipal(Utf8JsonWriter json, string name, string principal)
    {
        json.WriteStartObject(name);
        json.WriteString("principalId", principal);
        json.WriteEndObject();
    }
}
