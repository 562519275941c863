using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>Reads what stands in a queue.</summary>
internal static class QueueMessage
{
    /// <summary>
    /// Null of what cannot be read, which the log tells: no other try would read it better, and there are as many as outlast an outage.
    /// </summary>
    /// <param name="read">Throws <see cref="JsonException"/> or <see cref="InvalidDataException"/> of what it cannot take.</param>
    public static T? Read<T>(BinaryData message, string queue, Func<BinaryData, T?> read, ILogger log)
        where T : class
    {
        try
        {
            return read(message);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            log.MessageUnreadable(queue, message.ToMemory().Length, e.Message);
            return null;
        }
    }
}
