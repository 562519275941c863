using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.S3Events;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Functions.Aws;

/// <summary>
/// Reads what a message says of a bucket: an S3 notification, alone or in the envelope of an SNS topic, or an event of EventBridge. What is
/// none of these is refused: silence would lose an upload.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html, …/ev-events.html
/// </summary>
internal static class ObjectNotification
{
    private const string TestEvent = "s3:TestEvent";
    private const int MaxEnvelopes = 2;
    private const int MaxNamesTold = 8;

    /// <summary>Of a version or by a delete marker, by a request or by a rule: whether an object is left, the bucket knows.</summary>
    private static readonly string[] Removals = ["ObjectRemoved:", "LifecycleExpiration:"];
    private const string MarkerCreated = ":DeleteMarkerCreated";
    private const string Restored = "ObjectRestore:Completed";

    /// <summary>
    /// Objects that were created, restored or removed; none for marks of folders, for events of other kinds and for the test event of a new
    /// subscription.
    /// </summary>
    /// <exception cref="InvalidDataException">The body is not a notification; the message says what it has.</exception>
    public static IReadOnlyList<ChangedObject> Read(string body, ILambdaSerializer serializer) => Read(body, serializer, MaxEnvelopes);

    private static IReadOnlyList<ChangedObject> Read(string body, ILambdaSerializer serializer, int envelopesLeft)
    {
        using JsonDocument json = Parse(body);
        JsonElement root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"The message is a JSON {root.ValueKind}, not a notification of S3.");
        }

        if (TextOf(root, "Type") == "Notification" && TextOf(root, "Message") is { } inner && envelopesLeft > 0)
        {
            return Read(inner, serializer, envelopesLeft - 1);
        }

        if (root.TryGetProperty("detail-type", out _))
        {
            return ReadEventBridge(root);
        }

        if (
            root.TryGetProperty("Records", out JsonElement records)
            && records is { ValueKind: JsonValueKind.Array }
            && records.GetArrayLength() > 0
        )
        {
            using MemoryStream bytes = new(Encoding.UTF8.GetBytes(body));
            return ReadRecords(serializer.Deserialize<S3Event>(bytes));
        }

        return TextOf(root, "Event") == TestEvent
            ? []
            : throw new InvalidDataException($"The message has no records of S3; it has {NamesIn(root)}.");
    }

    private static IReadOnlyList<ChangedObject> ReadRecords(S3Event notification) =>
        [.. notification.Records.Select(ReadRecord).OfType<ChangedObject>()];

    /// <summary>Some stores write the event's name as a notification's configuration does, beginning with "s3:".</summary>
    private static ChangedObject? ReadRecord(S3Event.S3EventNotificationRecord record)
    {
        string name = record.EventName ?? throw new InvalidDataException($"A record from '{record.EventSource}' has no event name.");
        string kind = name.StartsWith("s3:", StringComparison.Ordinal) ? name[3..] : name;
        bool isRestored = kind == Restored;
        bool isCreated = isRestored || kind.StartsWith("ObjectCreated:", StringComparison.Ordinal);
        if (!isCreated && !Removals.Any(removal => kind.StartsWith(removal, StringComparison.Ordinal)))
        {
            return null;
        }
        if (record.S3 is not { Bucket.Name: { } bucket, Object: { Key: not null } found } || isCreated && found.ETag is null)
        {
            throw new InvalidDataException($"A record of event '{name}' names no version of an object.");
        }
        if (FolderMark.Is(found.KeyDecoded, found.Size))
        {
            return null;
        }
        return isCreated
            ? new ChangedObject(bucket, found.KeyDecoded, found.ETag!.Trim('"'), IsRestored: isRestored)
            : new ChangedObject(
                bucket,
                found.KeyDecoded,
                ETag: null,
                new ToldRemoval(kind.EndsWith(MarkerCreated, StringComparison.Ordinal), VersionOf(found.VersionId))
            );
    }

    private static IReadOnlyList<ChangedObject> ReadEventBridge(JsonElement root)
    {
        (string? source, string? type) = (TextOf(root, "source"), TextOf(root, "detail-type"));
        if (source != "aws.s3")
        {
            throw new InvalidDataException($"The event '{type}' comes from '{source}', not from aws.s3.");
        }

        if (type is not ("Object Created" or "Object Deleted" or "Object Restore Completed"))
        {
            return [];
        }

        if (
            root.TryGetProperty("detail", out JsonElement detail)
            && detail.ValueKind == JsonValueKind.Object
            && detail.TryGetProperty("bucket", out JsonElement bucket)
            && TextOf(bucket, "name") is { } name
            && detail.TryGetProperty("object", out JsonElement found)
            && TextOf(found, "key") is { } key // unlike in a notification, not encoded
            && (type == "Object Deleted" || TextOf(found, "etag") is not null)
        )
        {
            long size = found.TryGetProperty("size", out JsonElement told) && told.TryGetInt64(out long bytes) ? bytes : 0;
            if (FolderMark.Is(key, size))
            {
                return [];
            }
            return type == "Object Deleted"
                ?
                [
                    new ChangedObject(
                        name,
                        key,
                        ETag: null,
                        new ToldRemoval(TextOf(detail, "deletion-type") == "Delete Marker Created", VersionOf(TextOf(found, "version-id")))
                    ),
                ]
                : [new ChangedObject(name, key, TextOf(found, "etag")!.Trim('"'), IsRestored: type != "Object Created")];
        }
        throw new InvalidDataException($"The event '{type}' names no object of a bucket.");
    }

    /// <summary>Of a bucket whose versioning was suspended, "null" names what has no version.</summary>
    private static string? VersionOf(string? id) => id is null or "" or "null" ? null : id;

    private static JsonDocument Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The message has {body.Length} characters that are not JSON: {e.Message}", e);
        }
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement found)
        && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;

    private static string NamesIn(JsonElement root)
    {
        string[] names =
        [
            .. root.EnumerateObject().Take(MaxNamesTold).Select(member => $"'{member.Name[..Math.Min(member.Name.Length, 40)]}'"),
        ];
        return names.Length == 0 ? "no members" : string.Join(", ", names);
    }
}
