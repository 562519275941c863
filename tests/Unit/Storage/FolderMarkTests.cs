using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>Empty objects that stand for folders, as other tools leave them.</summary>
public sealed class FolderMarkTests(SharedServers servers)
{
    [Fact]
    public async Task FolderMarks_OfS3_AreNeitherFoundNorListed()
    {
        IObjectStore store = await servers.OpenStoreAsync("s3");
        string folder = TestStores.NewPath("folder");
        await store.WriteTextAsync(folder + "/", "", WriteCondition.Always);
        await store.WriteTextAsync(folder + "/a", "", WriteCondition.Always);
        await store.WriteTextAsync(folder + "/b/", "content", WriteCondition.Always);

        Assert.Null(await store.FindAsync(folder + "/", Token));
        Assert.Equal([folder + "/a", folder + "/b/"], await PathsAsync(store, folder));
    }

    [Fact]
    public async Task FolderMarks_OfAzure_AreNeitherFoundNorListed()
    {
        IObjectStore store = await servers.OpenStoreAsync("azure");
        string folder = TestStores.NewPath("folder");
        await store.WriteTextAsync(folder + "/a", "", WriteCondition.Always);
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

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
