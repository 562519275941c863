using Microsoft.Extensions.Logging;

namespace Serverless.AzureSearch;

internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Information, "The search service knows {Assets} assets")]
    public static partial void HeadsRead(this ILogger log, int assets);
}
