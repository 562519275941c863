using Amazon.S3;
using Amazon.S3.Model;
using Azure.Storage.Blobs;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>Keys as people and tools write them: what each store takes, refuses and finds in its listings.</summary>
public sealed class ObjectKeyTests(SharedServers servers)
{
    [Theory, MemberData(nameof(OddKeys))]
    public async Task Write_OddKey_RoundTrips(string name, string key)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string prefix = TestStores.NewPath("");
        string path = prefix + key;

        await store.WriteTextAsync(path, key, WriteCondition.IfAbsent);

        Assert.Equal(key, await store.ReadTextAsync(path));
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
        IObjectStore store = await servers.OpenStoreAsync(name);

        var refused = await Assert.ThrowsAsync<ObjectPathException>(() => store.WriteTextAsync(path, "x", WriteCondition.Always));

        Assert.Equal(path, refused.Path);
    }

    [Theory]
    [InlineData("azure", "media/a/../b"), InlineData("azure", "media/a\\b."), InlineData("azure", "media/\u0001")]
    [InlineData("s3", "media/a\nb"), InlineData("s3", "media/\u0001")]
    public async Task Locate_KeyOfAListingThatCannotBeRead_IsNamedAllTheSame(string name, string path)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);

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

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
