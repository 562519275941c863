using Microsoft.Extensions.Logging;

namespace Serverless.Local.Host;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Worker {WorkerId} (process {ProcessId}) is ready with {Functions} functions")]
    public static partial void WorkerReady(ILogger logger, string workerId, int processId, int functions);

    [LoggerMessage(2, LogLevel.Error, "The worker (process {ProcessId}) ended by itself with exit code {ExitCode}; another is started")]
    public static partial void WorkerEnded(ILogger logger, int processId, int exitCode);

    [LoggerMessage(3, LogLevel.Error, "The worker could not be replaced and will be tried again: {Reason}")]
    public static partial void WorkerNotReplaced(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "Serving {Functions} functions on {Address} after {Milliseconds} ms")]
    public static partial void Serving(ILogger logger, int functions, string address, long milliseconds);

    [LoggerMessage(5, LogLevel.Information, "Stopping: what runs is given {Seconds} s")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(6, LogLevel.Error, "Function '{Function}' cannot be offered: {Reason}")]
    public static partial void FunctionNotOffered(ILogger logger, string function, string reason);

    [LoggerMessage(7, LogLevel.Critical, "The job host failed and the process ends: {Reason}")]
    public static partial void HostFailed(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Error, "A function ran into its timeout; the worker is replaced: {Reason}")]
    public static partial void FunctionTimedOut(ILogger logger, string reason);

    [LoggerMessage(9, LogLevel.Warning, "Request header '{Header}' holds a character beyond ASCII and cannot be forwarded")]
    public static partial void HeaderNotAscii(ILogger logger, string header);

    [LoggerMessage(10, LogLevel.Information, "'{Function}' was due at {Due:u} while the host was down and runs now")]
    public static partial void TimerPastDue(ILogger logger, string function, DateTimeOffset due);

    [LoggerMessage(11, LogLevel.Warning, "The last run of '{Function}' could not be kept and may be repeated: {Reason}")]
    public static partial void TimerNotKept(ILogger logger, string function, string reason);

    [LoggerMessage(12, LogLevel.Error, "'{Function}' was started by hand and failed: {Reason}")]
    public static partial void RunByHandFailed(ILogger logger, string function, string reason);

    [LoggerMessage(14, LogLevel.Error, "The keys that were known hold, also those that were to end: {Reason}")]
    public static partial void KeysNotRead(ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Warning, "What ran did not end within {Seconds} s and is cut off")]
    public static partial void DrainCutOff(ILogger logger, double seconds);
}
