using Serverless.Ingest.Sources;
using Serverless.Storage;
using Serverless.Unit.Servers;

namespace Serverless.Unit.Ingest.Sources;

/// <summary>Sources and the buckets that they name, beside the bucket of a rig.</summary>
internal static class SourceRig
{
    public static readonly DateTimeOffset Created = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static MediaSource Source(
        string container,
        string store = "s3",
        string name = "archive",
        IReadOnlyList<string>? prefixes = null,
        IReadOnlyList<string>? types = null,
        int rate = 10
    ) => new(name, store, container, prefixes ?? [""], types ?? [], rate, SourceState.Active, "ana", Created, "ana", Created, Version: 1);

    /// <summary>Another bucket of the same account.</summary>
    public static async Task<string> CreateBucketAsync(SharedServers servers) => (await (await servers.S3).CreateBucketAsync()).Bucket!;

    public static async Task PutAsync(this IObjectStore media, CancellationToken cancellationToken, params string[] keys)
    {
        foreach (string key in keys)
        {
            using MemoryStream body = new("The harbour was closed."u8.ToArray());
            await media.WriteAsync(key, body, WriteCondition.Always, "text/plain", cancellationToken);
        }
    }
}
