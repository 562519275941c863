using Microsoft.Extensions.Logging;

namespace Serverless.Orchestrations;

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

    [LoggerMessage(2003, LogLevel.Information, "Run {Run} has {Model}/{Version} look at what it did not analyse")]
    public static partial void ReanalysisStarted(this ILogger log, string run, string model, int version);
}
