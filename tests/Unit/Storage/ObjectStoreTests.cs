using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>What both stores promise of objects and their versions, shown on real servers.</summary>
public sealed class ObjectStoreTests(SharedServers servers)
{
    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_NewObject_IsFoundAsWritten(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("a.txt");

        StoredObject written = await store.WriteTextAsync(path, "hello", WriteCondition.Always);
        StoredObject? found = await store.FindAsync(path, Token);

        Assert.Equal(written with { LastModified = default }, found! with { LastModified = default });
        Assert.Equal((5, TestStores.Text), (found.Length, found.ContentType));
        Assert.InRange(found.LastModified, DateTimeOffset.UtcNow.AddSeconds(-30), DateTimeOffset.UtcNow.AddSeconds(30));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Read_AbsentObject_IsNullOrNamed(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("absent");

        Assert.Null(await store.FindAsync(path, Token));
        Assert.Null(await store.ReadAsync(path, 100, Token));
        Assert.False(await store.DeleteAsync(path, Token));
        var missing = await Assert.ThrowsAsync<ObjectMissingException>(() => store.OpenAsync(path, null, 0, Token));
        Assert.Equal(path, missing.Path);
    }

    [Theory]
    [InlineData("azure", "0.1"), InlineData("azure", "a..b"), InlineData("azure", "a"), InlineData("azure", "absent")]
    [InlineData("s3", "0.1"), InlineData("s3", "a..b"), InlineData("s3", "a"), InlineData("s3", "absent")]
    public async Task HasContainer_OfANameThatIsNotThereOrCannotBe_IsFalse(string name, string container)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);

        Assert.False(await store.HasContainerAsync(container, Token));
    }

    [Theory]
    [InlineData("azure", 0), InlineData("azure", 99), InlineData("azure", 100), InlineData("azure", 1000)]
    [InlineData("s3", 0), InlineData("s3", 99), InlineData("s3", 100), InlineData("s3", 1000)]
    public async Task ReadHead_TellsOfTheWhole(string name, int length)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("head");
        Assert.Null(await store.ReadHeadAsync(path, 100, Token));
        await store.WriteTextAsync(path, new string('x', length), WriteCondition.Always);

        ObjectContent? head = await store.ReadHeadAsync(path, 100, Token);

        Assert.Equal(await store.FindAsync(path, Token), head!.Object);
        Assert.Equal(new string('x', Math.Min(length, 100)), head.Data.ToString());
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Read_OverTheLimit_IsRefusedWithBothNumbers(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("large");
        await store.WriteTextAsync(path, new string('x', 101), WriteCondition.Always);

        var refused = await Assert.ThrowsAsync<ObjectTooLargeException>(() => store.ReadAsync(path, 100, Token));

        Assert.Equal((101, 100), (refused.Length, refused.Limit));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Open_AtAVersion_ReadsItOrSaysThatItChanged(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("pinned");
        StoredObject first = await store.WriteTextAsync(path, "0123456789", WriteCondition.Always);

        await using (Stream pinned = await store.OpenAsync(path, first.Version, 4, Token))
        {
            Assert.Equal("456789", await new StreamReader(pinned).ReadToEndAsync(Token));
        }
        await store.WriteTextAsync(path, "overwritten", WriteCondition.Always);

        await Assert.ThrowsAsync<ObjectChangedException>(() => store.OpenAsync(path, first.Version, 0, Token));
    }

    [Theory]
    [InlineData("azure", 0, 0), InlineData("azure", 10, 10), InlineData("azure", 10, 11)]
    [InlineData("s3", 0, 0), InlineData("s3", 10, 10), InlineData("s3", 10, 11)]
    public async Task Open_AtOrPastTheEnd_IsEmpty(string name, int length, long offset)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("short");
        await store.WriteTextAsync(path, new string('x', length), WriteCondition.Always);

        await using Stream content = await store.OpenAsync(path, null, offset, Token);

        Assert.Equal(0, await content.ReadAsync(new byte[10], Token));
    }

    [Theory, InlineData("azure", 30), InlineData("s3", 1010)]
    public async Task List_ManyObjects_NamesEachOnceInOrder(string name, int count)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string prefix = TestStores.NewPath("");
        // S3 pages by the thousand. "!" sorts before "/", and "0" behind it: a server that walks folders gets the order wrong.
        string[] paths = [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i / 100}{"/!0"[i % 3]}{i:0000}")];
        await Parallel.ForEachAsync(paths, Token, async (path, cancellationToken) =>
            await store.WriteAsync(path, Stream.Null, WriteCondition.Always, TestStores.Text, cancellationToken)
        );

        List<StoredObject> listed = await store.ListAsync(prefix, Token).ToListAsync(Token);

        Assert.Equal(paths.Order(StringComparer.Ordinal), listed.Select(o => o.Path));
    }

    /// <summary>Neither server here keeps versions: the one of S3 refuses to be asked, Azurite has none.</summary>
    [Theory, InlineData("azure", ObjectRemains.None), InlineData("s3", ObjectRemains.Unknown)]
    public async Task Remains_OfADeletedObject_AreWhatTheServerTells(string name, ObjectRemains expected)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("removed");
        await store.WriteTextAsync(path, "hello", WriteCondition.Always);
        await store.DeleteAsync(path, Token);

        Assert.Equal(expected, await store.FindRemainsAsync(path, Token));
    }

    [Fact]
    public async Task Read_OfAnArchivedBlob_SaysSo_AndOfARestoredOneIsWhatWasWritten()
    {
        AzureObjectStore store = (AzureObjectStore)await servers.OpenStoreAsync("azure");
        string path = TestStores.NewPath("archived");
        await store.WriteTextAsync(path, "hello", WriteCondition.Always);
        (string container, string key) = store.Locate(path);
        BlobClient blob = new BlobServiceClient((await servers.Azurite).Options.ConnectionString)
            .GetBlobContainerClient(container)
            .GetBlobClient(key);

        await blob.SetAccessTierAsync(AccessTier.Archive, cancellationToken: Token);
        StoredObject archived = (await store.FindAsync(path, Token))!;
        await Assert.ThrowsAsync<ObjectArchivedException>(() => store.ReadHeadAsync(path, 100, Token));
        await Assert.ThrowsAsync<ObjectArchivedException>(() => store.OpenAsync(path, archived.Version, 0, Token));
        StoredObject listed = await store.ListAsync(path, Token).SingleAsync(Token);
        await blob.SetAccessTierAsync(AccessTier.Cool, cancellationToken: Token);
        StoredObject restored = (await store.FindAsync(path, Token))!;

        Assert.Equal(("Archive", true), (archived.StorageClass, archived.IsArchived));
        Assert.Equal(("Archive", true), (listed.StorageClass, listed.IsArchived));
        Assert.Equal(("Cool", false, archived.Version), (restored.StorageClass, restored.IsArchived, restored.Version));
        Assert.Equal("hello", (await store.ReadAsync(path, 100, Token))!.Data.ToString());
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_Cancelled_Throws(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.WriteAsync(TestStores.NewPath("x"), Stream.Null, WriteCondition.Always, TestStores.Text, cancelled.Token)
        );
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
