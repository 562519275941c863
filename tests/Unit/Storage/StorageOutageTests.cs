using System.Text;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class StorageOutageTests
{
    [Fact]
    public async Task S3_ServerKilledAndBack_RequestsOutlastIt()
    {
        await using S3Server server = await S3Server.StartAsync();
        S3ObjectStore store = new(await server.CreateBucketAsync(), TimeProvider.System);
        StoredObject before = await WriteAsync(store, "media/before");
        await server.KillAsync();

        Task<StoredObject> during = WriteAsync(store, "media/during");
        await server.RestartAsync();
        await during;

        Assert.Equal(before.Version, (await store.FindAsync("media/before", Token))!.Version);
        Assert.Equal(["media/before", "media/during"], await store.ListAsync("media/", Token).Select(o => o.Path).ToListAsync(Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<StoredObject> WriteAsync(S3ObjectStore store, string path) =>
        store.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(path)), WriteCondition.IfAbsent, "text/plain", Token);
}
