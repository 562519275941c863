using System.Buffers;
using System.Text.Json;

namespace Serverless.Storage;

/// <summary>A work item as it lies in a bucket: <c>{"attempt":2,"leaseUntil":"…","done":false,"body":{…}}</c>.</summary>
internal sealed record JobObject(int Attempt, DateTimeOffset LeaseUntil, bool Done, BinaryData Body)
{
    private const int MaxNoJobLength = 1000;

    public BinaryData Format()
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("attempt", Attempt);
            json.WriteString("leaseUntil", LeaseUntil);
            json.WriteBoolean("done", Done);
            json.WritePropertyName("body");
            json.WriteRawValue(Body.ToMemory().Span);
            json.WriteEndObject();
        }
        return new(bytes.WrittenMemory);
    }

    /// <summary>
    /// A document of another shape is a job put there by hand; what is no JSON becomes a JSON string for the worker to refuse.
    /// </summary>
    public static JobObject Parse(BinaryData content)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            return ParseLeased(json.RootElement) ?? new(0, default, Done: false, content);
        }
        catch (JsonException)
        {
            return OfNoJob(content.ToString());
        }
    }

    /// <param name="text">Its beginning is enough: escaped, the whole could be longer than an item may be.</param>
    public static JobObject OfNoJob(string text) =>
        new(
            0,
            default,
            Done: false,
            new(JsonSerializer.SerializeToUtf8Bytes(text.Length <= MaxNoJobLength ? text : text[..MaxNoJobLength]))
        );

    private static JobObject? ParseLeased(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("attempt", out JsonElement attempt)
        && attempt.TryGetInt32(out int attempts)
        && root.TryGetProperty("leaseUntil", out JsonElement lease)
        && lease.TryGetDateTimeOffset(out DateTimeOffset until)
        && root.TryGetProperty("done", out JsonElement done)
        && done.ValueKind is JsonValueKind.True or JsonValueKind.False
        && root.TryGetProperty("body", out JsonElement body)
            ? new(attempts, until, done.GetBoolean(), BinaryData.FromString(body.GetRawText()))
            : null;
}
