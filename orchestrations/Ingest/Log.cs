using Microsoft.Extensions.Logging;

namespace Serverless.Orchestrations.Ingest;

internal static partial class Log
{
    [LoggerMessage(
        2001,
        LogLevel.Information,
        "Reconciled store {Store}: {Listed} uploads, {Started} runs started, {Indexed} indexed, {Gone} gone"
    )]
    public static partial void Reconciled(this ILogger log, string store, long listed, long started, long indexed, long gone);

    [LoggerMessage(2002, LogLevel.Error, "One asset could not be reconciled; the next reconcile tries again")]
    public static partial void NotMended(this ILogger log, Exception exception);
}
