using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Timers;

internal static partial class Log
{
    [LoggerMessage(40, LogLevel.Information, "'{Function}' was due at {Due:u} while the host was down and runs now")]
    public static partial void RunMissed(ILogger logger, string function, DateTime due);
}
