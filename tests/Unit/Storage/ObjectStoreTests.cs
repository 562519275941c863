using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>What both stores promise, shown on real servers.</summary>
[Collection(nameof(Alone))]
public sealed class ObjectStoreTests(SharedServers servers)
{
    private const string Text = "text/plain";

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_NewObject_IsFoundAsWritten(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("a.txt");

        StoredObject written = await WriteAsync(store, path, "hello", WriteCondition.Always);
        StoredObject? found = await store.FindAsync(path, Token);

        Assert.Equal(written with { LastModified = default }, found! with { LastModified = default });
        Assert.Equal((5, Text), (found.Length, found.ContentType));
        Assert.InRange(found.LastModified, DateTimeOffset.UtcNow.AddSeconds(-30), DateTimeOffset.UtcNow.AddSeconds(30));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Read_AbsentObject_IsNullOrNamed(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("absent");

        Assert.Null(await store.FindAsync(path, Token));
        Assert.Null(await store.ReadAsync(path, 100, Token));
        Assert.False(await store.DeleteAsync(path, Token));
        var missing = await Assert.ThrowsAsync<ObjectMissingException>(() => store.OpenAsync(path, null, 0, Token));
        Assert.Equal(path, missing.Path);
    }

    [Fact]
    public async Task Read_OfAnArchivedBlob_SaysSo_AndOfARestoredOneIsWhatWasWritten()
    {
        AzureObjectStore store = (AzureObjectStore)await OpenAsync("azure");
        string path = NewPath("archived");
        await WriteAsync(store, path, "hello", WriteCondition.Always);
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

    /// <summary>Neither server here keeps versions: the one of S3 refuses to be asked, Azurite has none.</summary>
    [Theory, InlineData("azure", ObjectRemains.None), InlineData("s3", ObjectRemains.Unknown)]
    public async Task Remains_OfADeletedObject_AreWhatTheServerTells(string name, ObjectRemains expected)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("removed");
        await WriteAsync(store, path, "hello", WriteCondition.Always);
        await store.DeleteAsync(path, Token);

        Assert.Equal(expected, await store.FindRemainsAsync(path, Token));
    }

    [Theory]
    [InlineData("azure", 0), InlineData("azure", 99), InlineData("azure", 100), InlineData("azure", 1000)]
    [InlineData("s3", 0), InlineData("s3", 99), InlineData("s3", 100), InlineData("s3", 1000)]
    public async Task ReadHead_TellsOfTheWhole(string name, int length)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("head");
        Assert.Null(await store.ReadHeadAsync(path, 100, Token));
        await WriteAsync(store, path, new string('x', length), WriteCondition.Always);

        ObjectContent? head = await store.ReadHeadAsync(path, 100, Token);

        Assert.Equal(await store.FindAsync(path, Token), head!.Object);
        Assert.Equal(new string('x', Math.Min(length, 100)), head.Data.ToString());
    }

    [Fact]
    public async Task FolderMarks_OfS3_AreNeitherFoundNorListed()
    {
        IObjectStore store = await OpenAsync("s3");
        string folder = NewPath("folder");
        await WriteAsync(store, folder + "/", "", WriteCondition.Always);
        await WriteAsync(store, folder + "/a", "", WriteCondition.Always);
        await WriteAsync(store, folder + "/b/", "content", WriteCondition.Always);

        Assert.Null(await store.FindAsync(folder + "/", Token));
        Assert.Equal([folder + "/a", folder + "/b/"], await PathsAsync(store, folder));
    }

    [Fact]
    public async Task FolderMarks_OfAzure_AreNeitherFoundNorListed()
    {
        IObjectStore store = await OpenAsync("azure");
        string folder = NewPath("folder");
        await WriteAsync(store, folder + "/a", "", WriteCondition.Always);
        (string container, string key) = store.Locate(folder);
        BlobContainerClient blobs = new((await servers.Azurite).Options.ConnectionString, container);
        await MarkAsync(blobs, key + "/");
        await blobs
            .GetBlobClient(key + "x")
            .UploadAsync(
                Stream.Null,
                new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } },
                Token
            );

        Assert.Null(await store.FindAsync(folder + "/", Token));
        Assert.Null(await store.FindAsync(folder + "x", Token));
        Assert.Equal([folder + "/a"], await PathsAsync(store, folder));
    }

    /// <summary>By plain HTTP: the SDK takes the '/' off the end of a name.</summary>
    private static async Task MarkAsync(BlobContainerClient blobs, string name)
    {
        UriBuilder address = new(blobs.GenerateSasUri(BlobContainerSasPermissions.Write, DateTimeOffset.UtcNow.AddHours(1)));
        address.Path += "/" + name;
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Put, address.Uri) { Content = new ByteArrayContent([]) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using HttpResponseMessage response = await http.SendAsync(request, Token);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<IReadOnlyList<string>> PathsAsync(IObjectStore store, string prefix)
    {
        List<string> paths = [];
        await foreach (StoredObject listed in store.ListAsync(prefix, Token))
        {
            paths.Add(listed.Path);
        }
        return paths;
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Read_OverTheLimit_IsRefusedWithBothNumbers(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("large");
        await WriteAsync(store, path, new string('x', 101), WriteCondition.Always);

        var refused = await Assert.ThrowsAsync<ObjectTooLargeException>(() => store.ReadAsync(path, 100, Token));

        Assert.Equal((101, 100), (refused.Length, refused.Limit));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_IfAbsentOverAnObject_Conflicts(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("once");
        await WriteAsync(store, path, "first", WriteCondition.IfAbsent);

        await Assert.ThrowsAsync<ObjectConflictException>(() => WriteAsync(store, path, "second", WriteCondition.IfAbsent));

        Assert.Equal("first", await ReadTextAsync(store, path));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_IfMatch_HoldsForTheCurrentVersionOnly(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("cas");
        StoredObject first = await WriteAsync(store, path, "1", WriteCondition.Always);

        StoredObject second = await WriteAsync(store, path, "2", WriteCondition.IfMatch(first.Version));

        await Assert.ThrowsAsync<ObjectConflictException>(() => WriteAsync(store, path, "3", WriteCondition.IfMatch(first.Version)));
        await store.DeleteAsync(path, Token);
        await Assert.ThrowsAsync<ObjectConflictException>(() => WriteAsync(store, path, "4", WriteCondition.IfMatch(second.Version)));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_TwentyWritersAtOnce_ExactlyOneWins(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("race");
        StoredObject start = await WriteAsync(store, path, "start", WriteCondition.Always);

        bool[] won = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                {
                    try
                    {
                        await WriteAsync(store, path, $"writer {i}", WriteCondition.IfMatch(start.Version));
                        return true;
                    }
                    catch (ObjectConflictException)
                    {
                        return false;
                    }
                })
        );

        Assert.Single(won, true);
        Assert.Equal($"writer {Array.IndexOf(won, true)}", await ReadTextAsync(store, path));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Open_AtAVersion_ReadsItOrSaysThatItChanged(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("pinned");
        StoredObject first = await WriteAsync(store, path, "0123456789", WriteCondition.Always);

        await using (Stream pinned = await store.OpenAsync(path, first.Version, 4, Token))
        {
            Assert.Equal("456789", await new StreamReader(pinned).ReadToEndAsync(Token));
        }
        await WriteAsync(store, path, "overwritten", WriteCondition.Always);

        await Assert.ThrowsAsync<ObjectChangedException>(() => store.OpenAsync(path, first.Version, 0, Token));
    }

    [Theory]
    [InlineData("azure", 0, 0), InlineData("azure", 10, 10), InlineData("azure", 10, 11)]
    [InlineData("s3", 0, 0), InlineData("s3", 10, 10), InlineData("s3", 10, 11)]
    public async Task Open_AtOrPastTheEnd_IsEmpty(string name, int length, long offset)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("short");
        await WriteAsync(store, path, new string('x', length), WriteCondition.Always);

        await using Stream content = await store.OpenAsync(path, null, offset, Token);

        Assert.Equal(0, await content.ReadAsync(new byte[10], Token));
    }

    [Theory, MemberData(nameof(OddKeys))]
    public async Task Write_OddKey_RoundTrips(string name, string key)
    {
        IObjectStore store = await OpenAsync(name);
        string prefix = NewPath("");
        string path = prefix + key;

        await WriteAsync(store, path, key, WriteCondition.IfAbsent);

        Assert.Equal(key, await ReadTextAsync(store, path));
        StoredObject listed = Assert.Single(await store.ListAsync(prefix, Token).ToListAsync(Token));
        Assert.Equal(path, listed.Path);
        var (container, located) = store.Locate(path);
        Assert.Equal(path, store.PathOf(container, located));
        Assert.True(await store.DeleteAsync(path, Token));
    }

    public static TheoryData<string, string> OddKeys()
    {
        string[] keys =
        [
            "with space.txt",
            "100% sure.txt",
            "%2e%2e/%41.txt",
            "plus+and&amp;<tag>'\".txt",
            "a..b/..c/d...txt",
            "naïve/größe/文書.txt",
            "emoji 🎬👩‍🚀.mp4",
            "semi;colon,comma=equals@at#hash?query.txt",
            "a//b",
            new string('k', 900) + ".txt",
            string.Join('/', Enumerable.Repeat("segment", 100)),
            "~tilde[brackets]{braces}|^`",
        ];
        return new([
            .. keys.SelectMany(key => new[] { ("azure", key), ("s3", key) }),
            ("s3", "a/../b/./c"),
            ("s3", "back\\slash"),
            ("s3", "folder/"),
        ]);
    }

    [Theory]
    [InlineData("azure", "media/a/../b"), InlineData("azure", "media/./b"), InlineData("azure", "media/b/"), InlineData("azure", "media")]
    [InlineData("azure", "Media/b"), InlineData("azure", "media/a\\b"), InlineData("azure", "media/\u0001")]
    [InlineData("s3", ""), InlineData("s3", "media/\u0001")]
    public async Task Write_PathTheStoreCannotHold_IsRefusedByName(string name, string path)
    {
        IObjectStore store = await OpenAsync(name);

        var refused = await Assert.ThrowsAsync<ObjectPathException>(() => WriteAsync(store, path, "x", WriteCondition.Always));

        Assert.Equal(path, refused.Path);
    }

    [Theory]
    [InlineData("azure", "media/a/../b"), InlineData("azure", "media/a\\b."), InlineData("azure", "media/\u0001")]
    [InlineData("s3", "media/a\nb"), InlineData("s3", "media/\u0001")]
    public async Task Locate_KeyOfAListingThatCannotBeRead_IsNamedAllTheSame(string name, string path)
    {
        IObjectStore store = await OpenAsync(name);

        var (container, key) = store.Locate(path);

        Assert.Equal(path, store.PathOf(container, key));
    }

    /// <summary>XML cannot hold some of them, and one of those makes a listing unreadable that is not asked for encoded.</summary>
    [Theory]
    [InlineData("a\u0001b"), InlineData("a\nb"), InlineData("a\uffffb"), InlineData("a b+c%20d/é&<\"'")]
    public async Task List_AnyKeyThatS3Takes_IsListedFoundAndRemoved(string key)
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();
        using S3ObjectStore store = new(options, TimeProvider.System);
        using AmazonS3Client anyone = new(new AmazonS3Config { ServiceURL = $"{options.ServiceUrl}", ForcePathStyle = true });
        foreach (string put in new[] { $"media/{key}", "media/z" })
        {
            await anyone.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = options.Bucket,
                    Key = put,
                    ContentBody = "x",
                },
                Token
            );
        }

        string[] listed = [.. (await store.ListAsync("media/", Token).ToListAsync(Token)).Select(found => found.Path)];
        ObjectPage page = await store.ListPageAsync("media/", after: null, maxObjects: 5, Token);

        Assert.Equal([$"media/{key}", "media/z"], listed);
        Assert.Equal(listed, page.Objects.Select(found => found.Path));
        Assert.Equal(1, (await store.FindAsync($"media/{key}", Token))!.Length);
        Assert.True(await store.DeleteAsync($"media/{key}", Token));
        Assert.Null(await store.FindAsync($"media/{key}", Token));
    }

    [Theory]
    [InlineData("ends with a dot."), InlineData("line\nbreak"), InlineData("delete\u007f.txt")]
    public async Task Find_KeyOfAListingThatCannotBeRead_IsFoundAllTheSame(string key)
    {
        AzuriteServer azurite = await servers.Azurite;
        BlobContainerClient container = new(azurite.ConnectionString, $"odd-{Guid.NewGuid():N}");
        await container.CreateAsync(cancellationToken: Token);
        AzureObjectStore store = new(azurite.Options);
        Assert.Null(await store.FindAsync($"{container.Name}/{key}", Token));
        await container.UploadBlobAsync(key, BinaryData.FromString("x"), Token);
        await container.UploadBlobAsync(key + "z", BinaryData.FromString("xy"), Token);

        StoredObject? found = await store.FindAsync($"{container.Name}/{key}", Token);

        Assert.Equal(($"{container.Name}/{key}", 1), (found?.Path, found?.Length));
        Assert.Contains(found, await store.ListAsync($"{container.Name}/", Token).ToListAsync(Token));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_LargeStream_NeedsLittleMemory(string name)
    {
        const long Length = 64 << 20;
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("large.bin");
        await WriteAsync(store, NewPath("warm-up"), "x", WriteCondition.Always);
        long before = GC.GetTotalAllocatedBytes();

        StoredObject written = await store.WriteAsync(path, new PatternStream(Length), WriteCondition.IfAbsent, "video/mp4", Token);
        long allocated = GC.GetTotalAllocatedBytes() - before;

        Assert.Equal(Length, written.Length);
        Assert.InRange(allocated, 0, Length / 2);
        await using Stream content = await store.OpenAsync(path, written.Version, 0, Token);
        Assert.Equal(Length, await PatternStream.VerifyAsync(content, Token));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_LargeStreamIfAbsent_ConflictsWhenItIsDone(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("large.bin");
        await WriteAsync(store, path, "first", WriteCondition.Always);

        await Assert.ThrowsAsync<ObjectConflictException>(() =>
            store.WriteAsync(path, new PatternStream(9 << 20), WriteCondition.IfAbsent, "video/mp4", Token)
        );

        Assert.Equal("first", await ReadTextAsync(store, path));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_StreamThatBreaks_LeavesNothing(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("broken.bin");

        await Assert.ThrowsAsync<IOException>(() =>
            store.WriteAsync(path, new PatternStream(20 << 20, breakAt: 17 << 20), WriteCondition.Always, "video/mp4", Token)
        );

        Assert.Null(await store.FindAsync(path, Token));
    }

    [Theory, InlineData("azure", 30), InlineData("s3", 1010)]
    public async Task List_ManyObjects_NamesEachOnceInOrder(string name, int count)
    {
        IObjectStore store = await OpenAsync(name);
        string prefix = NewPath("");
        // S3 pages by the thousand. "!" sorts before "/", and "0" behind it: a server that walks folders gets the order wrong.
        string[] paths = [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i / 100}{"/!0"[i % 3]}{i:0000}")];
        await Parallel.ForEachAsync(paths, Token, async (path, cancellationToken) =>
            await store.WriteAsync(path, Stream.Null, WriteCondition.Always, Text, cancellationToken)
        );

        List<StoredObject> listed = await store.ListAsync(prefix, Token).ToListAsync(Token);

        Assert.Equal(paths.Order(StringComparer.Ordinal), listed.Select(o => o.Path));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_Cancelled_Throws(string name)
    {
        IObjectStore store = await OpenAsync(name);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.WriteAsync(NewPath("x"), Stream.Null, WriteCondition.Always, Text, cancelled.Token)
        );
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string NewPath(string key) => $"media/{Guid.NewGuid():N}/{key}";

    private async Task<IObjectStore> OpenAsync(string name) =>
        name == "azure"
            ? new AzureObjectStore((await servers.Azurite).Options)
            : new S3ObjectStore(await (await servers.S3).CreateBucketAsync(), TimeProvider.System);

    private static Task<StoredObject> WriteAsync(IObjectStore store, string path, string text, WriteCondition condition) =>
        store.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(text)), condition, Text, Token);

    private static async Task<string> ReadTextAsync(IObjectStore store, string path) =>
        (await store.ReadAsync(path, 1 << 20, Token))!.Data.ToString();
}
