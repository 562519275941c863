using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Queues;

internal static partial class Log
{
    [LoggerMessage(30, LogLevel.Warning, "Message {Id} of queue '{Queue}' moves to its poison queue after {Count} deliveries")]
    public static partial void MessagePoisoned(ILogger logger, string id, string queue, long count);

    [LoggerMessage(31, LogLevel.Warning, "Message {Id} of queue '{Queue}' could not be settled and is delivered again: {Reason}")]
    public static partial void MessageNotSettled(ILogger logger, string id, string queue, string reason);
}
