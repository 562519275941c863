using System.Net;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>Addresses for uploads and downloads, used by a plain HTTP client on real servers.</summary>
public sealed class SignedAddressTests(SharedServers servers)
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("azure", "a.txt"), InlineData("azure", "odd/émoji 🦊 + 100% & #.txt")]
    [InlineData("s3", "a.txt"), InlineData("s3", "odd/émoji 🦊 + 100% & #.txt")]
    public async Task Put_AtTheAddress_WritesTheObject(string name, string key)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath(key);
        UploadAddress upload = await store.CreateUploadAddressAsync(path, GivenMetadata.None, InAnHour(), Token);

        HttpStatusCode status = await PutAsync(upload, upload.Address, "hello");

        Assert.Equal(name == "azure" ? HttpStatusCode.Created : HttpStatusCode.OK, status);
        Assert.Equal("hello", (await store.ReadAsync(path, 100, Token))!.Data.ToString());
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Put_WithWhatIsSaidOfTheObject_KeepsIt(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("said.txt");
        SortedDictionary<string, string> given = new() { ["desk"] = "sport", ["place"] = "Zürich, 東京" };
        UploadAddress upload = await store.CreateUploadAddressAsync(path, given, InAnHour(), Token);

        HttpStatusCode status = await PutAsync(upload, upload.Address, "hello");

        Assert.Equal(name == "azure" ? HttpStatusCode.Created : HttpStatusCode.OK, status);
        Assert.Equal(given, (await store.ReadHeadAsync(path, 100, Token))!.Given);
    }

    [Fact]
    public async Task Put_InS3_WithOtherWordsThanWereSigned_IsForbidden()
    {
        IObjectStore store = await OpenAsync("s3");
        string path = NewPath("said.txt");
        Dictionary<string, string> given = new() { ["desk"] = "sport" };
        UploadAddress upload = await store.CreateUploadAddressAsync(path, given, InAnHour(), Token);

        HttpStatusCode without = await PutAsync(upload with { Headers = GivenMetadata.None }, upload.Address, "hello");
        HttpStatusCode other = await PutAsync(
            upload with
            {
                Headers = new Dictionary<string, string> { ["x-amz-meta-desk"] = "news" },
            },
            upload.Address,
            "hello"
        );

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (without, other));
        Assert.Null(await store.FindAsync(path, Token));
    }

    [Fact]
    public async Task Address_InAContainerThatWasRemoved_MakesItAnew()
    {
        AzureStorageOptions options = (await servers.Azurite).Options;
        AzureObjectStore store = new(options);
        string container = $"removed-{Guid.NewGuid():N}";
        await store.CreateUploadAddressAsync($"{container}/a.txt", GivenMetadata.None, InAnHour(), Token);
        await new Azure.Storage.Blobs.BlobServiceClient(options.ConnectionString).DeleteBlobContainerAsync(
            container,
            cancellationToken: Token
        );

        UploadAddress upload = await store.CreateUploadAddressAsync($"{container}/a.txt", GivenMetadata.None, InAnHour(), Token);

        Assert.Equal(HttpStatusCode.Created, await PutAsync(upload, upload.Address, "hello"));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Put_AtAnotherKey_IsForbidden(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("mine.txt"),
            other = path.Replace("mine", "other", StringComparison.Ordinal);
        UploadAddress upload = await store.CreateUploadAddressAsync(path, GivenMetadata.None, InAnHour(), Token);
        Uri elsewhere = new(upload.Address.AbsoluteUri.Replace("mine.txt", "other.txt", StringComparison.Ordinal));

        HttpStatusCode status = await PutAsync(upload, elsewhere, "hello");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Null(await store.FindAsync(other, Token));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task GetAndDelete_AtTheAddress_AreForbidden(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("kept.txt");
        UploadAddress upload = await store.CreateUploadAddressAsync(path, GivenMetadata.None, InAnHour(), Token);
        await PutAsync(upload, upload.Address, "hello");

        using HttpResponseMessage read = await Http.GetAsync(upload.Address, Token);
        using HttpResponseMessage deleted = await Http.DeleteAsync(upload.Address, Token);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (read.StatusCode, deleted.StatusCode));
        Assert.NotNull(await store.FindAsync(path, Token));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Put_AfterExpiry_IsForbidden(string name)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath("late.txt");
        DateTimeOffset expires = DateTimeOffset.UtcNow.AddSeconds(1);
        UploadAddress upload = await store.CreateUploadAddressAsync(path, GivenMetadata.None, expires, Token);

        // Signatures end at whole seconds.
        await Task.Delay(expires.AddSeconds(1.1) - DateTimeOffset.UtcNow, Token);
        HttpStatusCode status = await PutAsync(upload, upload.Address, "hello");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Null(await store.FindAsync(path, Token));
    }

    [Theory]
    [InlineData("azure", "a.txt"), InlineData("azure", "odd/émoji 🦊 + 100% & #.txt")]
    [InlineData("s3", "a.txt"), InlineData("s3", "odd/émoji 🦊 + 100% & #.txt")]
    public async Task Get_AtTheAddress_ReadsARangeOfThatObjectAlone(string name, string key)
    {
        IObjectStore store = await OpenAsync(name);
        string path = NewPath(key);
        await store.WriteAsync(path, new MemoryStream("hello"u8.ToArray()), WriteCondition.Always, "text/plain", Token);
        Uri address = await store.CreateDownloadAddressAsync(path, InAnHour(), Token);
        using HttpRequestMessage ranged = new(HttpMethod.Get, address) { Headers = { Range = new(1, 3) } };

        using HttpResponseMessage read = await Http.SendAsync(ranged, Token);
        using HttpRequestMessage overwrite = new(HttpMethod.Put, address) { Content = new StringContent("other") };
        overwrite.Headers.Add("x-ms-blob-type", "BlockBlob");
        using HttpResponseMessage written = await Http.SendAsync(overwrite, Token);
        using HttpResponseMessage elsewhere = await Http.GetAsync(
            new Uri(address.AbsoluteUri.Replace(".txt", ".jpg", StringComparison.Ordinal)),
            Token
        );

        Assert.Equal((HttpStatusCode.PartialContent, "ell"), (read.StatusCode, await read.Content.ReadAsStringAsync(Token)));
        Assert.Equal(store.Origin, new Uri(address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (written.StatusCode, elsewhere.StatusCode));
        Assert.Equal("hello", (await store.ReadAsync(path, 100, Token))!.Data.ToString());
    }

    [Fact]
    public void Origin_OfABucketOnAws_IsItsOwnHost()
    {
        using S3ObjectStore store = new(new S3StorageOptions { Bucket = "assets", Region = "eu-central-1" }, TimeProvider.System);

        Assert.Equal(new Uri("https://assets.s3.eu-central-1.amazonaws.com"), store.Origin);
    }

    [Fact]
    public async Task Address_OfAnAccountOverHttps_TakesHttpsOnly()
    {
        const string Account =
            "DefaultEndpointsProtocol=https;AccountName=devstoreaccount1;"
            + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            + "EndpointSuffix=core.windows.net";
        Azure.Storage.Blobs.BlobServiceClient service = new(Account);

        UploadAddress upload = await AzureSignedAddress.ForUploadAsync(
            service,
            service.GetBlobContainerClient("media").GetBlobClient("a.txt"),
            GivenMetadata.None,
            InAnHour(),
            Token
        );

        Assert.Equal("https", upload.Address.Scheme);
        Assert.Contains("spr=https&", upload.Address.Query, StringComparison.Ordinal);
        Assert.Contains("sp=cw&", upload.Address.Query, StringComparison.Ordinal);
        Assert.Contains("sr=b&", upload.Address.Query, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> PutAsync(UploadAddress upload, Uri address, string text)
    {
        using HttpRequestMessage request = new(new HttpMethod(upload.Method), address) { Content = new StringContent(text) };
        foreach ((string header, string value) in upload.Headers)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
        using HttpResponseMessage response = await Http.SendAsync(request, Token);
        return response.StatusCode;
    }

    private static DateTimeOffset InAnHour() => DateTimeOffset.UtcNow.AddHours(1);

    private static string NewPath(string key) => $"media/{Guid.NewGuid():N}/{key}";

    private async Task<IObjectStore> OpenAsync(string name) =>
        name == "azure"
            ? new AzureObjectStore((await servers.Azurite).Options)
            : new S3ObjectStore(await (await servers.S3).CreateBucketAsync(), TimeProvider.System);
}
