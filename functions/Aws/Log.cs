using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Aws;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "Object created: {Instance} is {State} at attempt {Attempt}")]
    public static partial void ObjectCreated(this ILogger log, string instance, string state, int attempt);

    [LoggerMessage(4002, LogLevel.Warning, "Message {Id} failed and will be delivered again")]
    public static partial void MessageFailed(this ILogger log, Exception exception, string id);
}
