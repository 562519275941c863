using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Local.Queues;

namespace Serverless.Local.Lambda;

/// <summary>
/// The two ends of an invocation: the event that Lambda makes of messages, and what it reads from the answer.
/// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, …/services-sqs-errorhandling.html
/// </summary>
internal static class SqsBatch
{
    // AWS's own example account.
    public const string Account = "123456789012";

    public static byte[] Format(IReadOnlyList<QueueMessage> messages, string queue, string region)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("Records");
            foreach (QueueMessage message in messages)
            {
                WriteMessage(json, message, queue, region);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The ids of the messages that failed: those that the answer names, or all of them when it names one that was not sent
    /// or cannot be read. No answer, or an empty one, means success.
    /// </summary>
    public static IReadOnlySet<string> FailuresIn(ReadOnlyMemory<byte> answer, IReadOnlyList<QueueMessage> messages)
    {
        HashSet<string> all = [.. messages.Select(m => m.Id)];
        if (answer.IsEmpty)
        {
            return new HashSet<string>();
        }
        try
        {
            using JsonDocument json = JsonDocument.Parse(answer);
            JsonElement root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Null || (root.ValueKind == JsonValueKind.Object && !root.EnumerateObject().Any()))
            {
                return new HashSet<string>();
            }
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("batchItemFailures", out JsonElement failures))
            {
                return all;
            }
            if (failures.ValueKind == JsonValueKind.Null)
            {
                return new HashSet<string>();
            }
            HashSet<string> named = [.. failures.EnumerateArray().Select(f => f.GetProperty("itemIdentifier").GetString() ?? "")];
            return named.IsSubsetOf(all) ? named : all;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return all;
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, QueueMessage message, string queue, string region)
    {
        json.WriteStartObject();
        json.WriteString("messageId", message.Id);
        json.WriteString("receiptHandle", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{message.Id} {message.ReceiveCount}")));
        json.WriteString("body", message.Body);
        json.WriteStartObject("attributes");
        json.WriteString("ApproximateReceiveCount", message.ReceiveCount.ToString(CultureInfo.InvariantCulture));
        json.WriteString("SentTimestamp", Milliseconds(message.Sent));
        json.WriteString("SenderId", "s3.amazonaws.com");
        json.WriteString("ApproximateFirstReceiveTimestamp", Milliseconds(message.FirstReceived));
        json.WriteEndObject();
        json.WriteStartObject("messageAttributes");
        json.WriteEndObject();
        json.WriteString("md5OfBody", Md5Of(message.Body));
        json.WriteString("eventSource", "aws:sqs");
        json.WriteString("eventSourceARN", $"arn:aws:sqs:{region}:{Account}:{queue}");
        json.WriteString("awsRegion", region);
        json.WriteEndObject();
    }

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

#pragma warning disable CA5351 // SQS sends an MD5 to check for damage, not for secrecy
    public static string Md5Of(string body) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351
}
