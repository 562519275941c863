using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Blobs;

internal static partial class Log
{
    [LoggerMessage(50, LogLevel.Information, "'{Function}' ends without result: blob {Container}/{Blob} was deleted")]
    public static partial void BlobGone(ILogger logger, string function, string container, string blob);

    [LoggerMessage(51, LogLevel.Warning, "Blob {Container}/{Blob} failed {Attempts} times and is reported in queue '{Queue}'")]
    public static partial void BlobPoisoned(ILogger logger, string container, string blob, int attempts, string queue);

    [LoggerMessage(52, LogLevel.Warning, "Blob {Container}/{Blob} cannot be read: {Status} {Code}")]
    public static partial void BlobRefused(ILogger logger, string container, string blob, int status, string? code);

    [LoggerMessage(53, LogLevel.Error, "The receipts of container {Container} cannot be read: {Reason}")]
    public static partial void ReceiptsFailed(ILogger logger, string container, string reason);
}
