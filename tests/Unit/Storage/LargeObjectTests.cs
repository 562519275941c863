using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>Streams of more than one part. What they take of memory is measured of the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class LargeObjectTests(SharedServers servers)
{
    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_LargeStream_NeedsLittleMemory(string name)
    {
        const long Length = 64 << 20;
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("large.bin");
        await store.WriteTextAsync(TestStores.NewPath("warm-up"), "x", WriteCondition.Always);
        long before = GC.GetTotalAllocatedBytes();

        StoredObject written = await store.WriteAsync(path, new PatternStream(Length), WriteCondition.IfAbsent, "video/mp4", Token);
        long allocated = GC.GetTotalAllocatedBytes() - before;

        Assert.Equal(Length, written.Length);
        Assert.InRange(allocated, 0, Length / 2);
        await using Stream content = await store.OpenAsync(path, written.Version, 0, Token);
        Assert.Equal(Length, await PatternStream.VerifyAsync(content, Token));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_StreamThatBreaks_LeavesNothing(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("broken.bin");

        await Assert.ThrowsAsync<IOException>(() =>
            store.WriteAsync(path, new PatternStream(20 << 20, breakAt: 17 << 20), WriteCondition.Always, "video/mp4", Token)
        );

        Assert.Null(await store.FindAsync(path, Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
