using System.Text;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class StorageOutageTests
{
    // More than the SDK's bucket of retry tokens would let through.
    private const int WritersAtOnce = 150;

    [Fact]
    public async Task S3_ServerKilledAndBack_RequestsOutlastIt()
    {
        await using S3Server server = await S3Server.StartAsync();
        S3ObjectStore store = new(await server.CreateBucketAsync(), TimeProvider.System);
        StoredObject before = await WriteAsync(store, "media/before");
        await server.KillAsync();

        Task restarted = server.RestartAsync(); // first, since the writers keep the processors from it
        Task<StoredObject>[] during = [.. Enumerable.Range(0, WritersAtOnce).Select(i => WriteAsync(store, $"media/{i:000}"))];
        await restarted;
        await Task.WhenAll(during);

        Assert.Equal(before.Version, (await store.FindAsync("media/before", Token))!.Version);
        Assert.Equal(WritersAtOnce + 1, await store.ListAsync("media/", Token).CountAsync(Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // On no condition: where the answer of an attempt is lost, the next one would find its object in the way, as it should.
    private static Task<StoredObject> WriteAsync(S3ObjectStore store, string path) =>
        store.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(path)), WriteCondition.Always, "text/plain", Token);
}
