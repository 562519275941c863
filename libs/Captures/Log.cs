using Microsoft.Extensions.Logging;

namespace Serverless.Captures;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Warning, "Captures {Path} are not written yet: {Fault}. They are tried again.")]
    public static partial void WriteFailed(this ILogger log, string path, string fault);

    [LoggerMessage(7002, LogLevel.Error, "Captures {Path}, {Lines} lines, are given up after {Attempts} tries")]
    public static partial void GivenUp(this ILogger log, string path, long lines, int attempts);

    [LoggerMessage(7003, LogLevel.Warning, "The capture of {PredictionId} is longer than {MaxBytes} bytes and left out")]
    public static partial void LineTooLong(this ILogger log, string predictionId, int maxBytes);

    [LoggerMessage(7004, LogLevel.Error, "The capture of {PredictionId} cannot be written as JSON: {Fault}. Report this.")]
    public static partial void LineFailed(this ILogger log, string predictionId, string fault);

    [LoggerMessage(7005, LogLevel.Error, "Captures {Path} are damaged: {Fault}. What comes after is not read.")]
    public static partial void FileDamaged(this ILogger log, string path, string fault);

    [LoggerMessage(7007, LogLevel.Error, "Captures {Path} have {Lines} damaged lines, which are left out; the first is {Fault}")]
    public static partial void LinesDamaged(this ILogger log, string path, long lines, string fault);

    [LoggerMessage(
        7006,
        LogLevel.Warning,
        "Predictions get no seal, and feedback on them moves no guardrail, since {Path} cannot be read: {Fault}. It is tried again."
    )]
    public static partial void NoSeal(this ILogger log, string path, string fault);
}
