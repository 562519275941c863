using Microsoft.Extensions.Logging;
using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Worker;

/// <summary>Passes the worker's log entries on under the names and levels they were written with.</summary>
internal sealed class WorkerLog(ILoggerFactory loggers)
{
    public void Write(RpcLog entry)
    {
        if (entry.LogCategory == RpcLog.Types.RpcLogCategory.CustomMetric)
        {
            return;
        }
        ILogger logger = loggers.CreateLogger(entry.Category.Length == 0 ? "Worker" : entry.Category);
        LogLevel level = (LogLevel)entry.Level;
        if (!logger.IsEnabled(level))
        {
            return;
        }
        string message =
            entry.Exception is null || entry.Exception.Message.Length == 0
                ? entry.Message
                : $"{entry.Message} {entry.Exception.Message} {entry.Exception.StackTrace}";
        logger.Log(level, default, message, null, static (text, _) => text);
    }
}
