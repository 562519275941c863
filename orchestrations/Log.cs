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

    [LoggerMessage(2004, LogLevel.Warning, "Source {Store}/{Source} could not be listed; what it covers stays as it is until it can")]
    public static partial void SourceNotListed(this ILogger log, Exception exception, string store, string source);

    [LoggerMessage(2005, LogLevel.Warning, "Asset {Asset} of a source could not be begun; the reconcile tries again")]
    public static partial void NotBegun(this ILogger log, Exception exception, string asset);

    [LoggerMessage(2003, LogLevel.Information, "Run {Run} has {Model}/{Version} look at what it did not analyse")]
    public static partial void ReanalysisStarted(this ILogger log, string run, string model, int version);
}
