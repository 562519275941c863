using System.Text.Json;
using Azure.Storage.Queues.Models;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>A message's binding data: what the service knows of it and, where it is a JSON object, its properties.</summary>
internal static class MessageData
{
    public static IReadOnlyDictionary<string, object?> Of(QueueMessage message)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        AddProperties(data, message.Body);
        data["QueueTrigger"] = message.Body.ToString();
        data["Id"] = message.MessageId;
        data["PopReceipt"] = message.PopReceipt;
        data["DequeueCount"] = message.DequeueCount;
        data["InsertionTime"] = message.InsertedOn;
        data["ExpirationTime"] = message.ExpiresOn;
        data["NextVisibleTime"] = message.NextVisibleOn;
        return data;
    }

    private static void AddProperties(Dictionary<string, object?> data, BinaryData body)
    {
        var bytes = body.ToMemory();
        if (bytes.IsEmpty || bytes.Span[0] != (byte)'{')
            return;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            foreach (var property in document.RootElement.EnumerateObject())
                data[property.Name] = property.Value.ToString();
        }
        catch (JsonException)
        {
            // A text that merely begins like an object has no properties.
        }
    }
}
