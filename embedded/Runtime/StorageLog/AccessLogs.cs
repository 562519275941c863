using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.StorageLog;

/// <summary>The access logs that this host was told of.</summary>
internal sealed class AccessLogs(EmbeddedOptions options, TimeProvider time, ILogger<AccessLogs> logger) : IAsyncDisposable
{
    /// <summary>Azurite's log; null where its blobs and messages are found by scans and polls alone.</summary>
    public AccessLog? Azure { get; } = options.AzureAccessLog is { Length: > 0 } path ? new AccessLog(path, time, logger) : null;

    public ValueTask DisposeAsync() => Azure?.DisposeAsync() ?? ValueTask.CompletedTask;
}
