using System.Text;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>Either store on its server, and short texts in it.</summary>
internal static class TestStores
{
    public const string Text = "text/plain";

    public static string NewPath(string key) => $"media/{Guid.NewGuid():N}/{key}";

    /// <param name="name">azure or s3.</param>
    public static async Task<IObjectStore> OpenStoreAsync(this SharedServers servers, string name) =>
        name == "azure"
            ? new AzureObjectStore((await servers.Azurite).Options)
            : new S3ObjectStore(await (await servers.S3).CreateBucketAsync(), TimeProvider.System);

    public static Task<StoredObject> WriteTextAsync(this IObjectStore store, string path, string text, WriteCondition condition) =>
        store.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(text)), condition, Text, Token);

    public static async Task<string> ReadTextAsync(this IObjectStore store, string path) =>
        (await store.ReadAsync(path, 1 << 20, Token))!.Data.ToString();

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
