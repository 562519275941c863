using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Timers;

internal static partial class Log
{
    [LoggerMessage(40, LogLevel.Information, "'{Function}' was due at {Due:u} while the host was down and runs now")]
    public static partial void RunMissed(ILogger logger, string function, DateTime due);

    [LoggerMessage(41, LogLevel.Error, "The run of '{Function}' at {At:u} could not be kept; a start before the next one runs it again: {Reason}")]
    public static partial void RunNotKept(ILogger logger, string function, DateTime at, string reason);
}
