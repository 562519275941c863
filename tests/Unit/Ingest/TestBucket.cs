using System.Text;
using Serverless.Ingest;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest;

/// <summary>A fresh bucket of the shared S3 server, and uploads into it.</summary>
internal static class TestBucket
{
    public static async Task<S3ObjectStore> OpenAsync(SharedServers servers) =>
        new(await (await servers.S3).CreateBucketAsync(), TimeProvider.System);

    public static Task<AssetSource> UploadAsync(this IObjectStore store, string name, string text) =>
        store.UploadAsync(name, Encoding.UTF8.GetBytes(text));

    public static async Task<AssetSource> UploadAsync(this IObjectStore store, string name, byte[] bytes)
    {
        using MemoryStream body = new(bytes);
        StoredObject stored = await store.WriteAsync(
            AssetLayout.MediaPrefix + name,
            body,
            WriteCondition.Always,
            "application/octet-stream",
            TestContext.Current.CancellationToken
        );
        return AssetStores.SourceOf(store, stored);
    }
}
