using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Models;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Assets;

public sealed class UploadAddressFunctionTests(SharedServers servers)
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Address_UsedAsTold_MakesTheAssetThatTheAnswerNames(string name)
    {
        AssetStores stores = await OpenAsync();
        string key = $"{Guid.NewGuid():N}/today's news.txt";

        JsonElement answer = await AskAsync(stores, $"?name={Uri.EscapeDataString(key)}&store={name}");
        using HttpRequestMessage put = new(
            new HttpMethod(answer.GetProperty("method").GetString()!),
            answer.GetProperty("address").GetString()
        )
        {
            Content = new StringContent("hello"),
        };
        foreach (JsonProperty header in answer.GetProperty("headers").EnumerateObject())
        {
            put.Headers.Add(header.Name, header.Value.GetString());
        }
        using HttpResponseMessage response = await Http.SendAsync(put, Token);
        StoredObject? stored = await stores[name].FindAsync($"media/{key}", Token);

        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        AssetSource source = AssetStores.SourceOf(stores[name], stored!);
        Assert.Equal((source.AssetId, source.Key), (answer.GetProperty("asset").GetString(), answer.GetProperty("key").GetString()));
    }

    [Theory, InlineData("azure", "x-ms-meta-desk", true), InlineData("s3", "x-amz-meta-desk", false)]
    public async Task Address_TakesWhatIsSaidOfTheUpload_AsMuchAsTheStoreKeeps(string name, string header, bool isMuchTaken)
    {
        AssetStores stores = await OpenAsync();

        JsonElement answer = await AskAsync(stores, $"?name=a.txt&store={name}&meta.Desk=sport");

        Assert.Equal("sport", answer.GetProperty("headers").GetProperty(header).GetString());
        Task<JsonElement> much = AskAsync(stores, $"?name=a.txt&store={name}&meta.desk={new string('a', 4_000)}");
        Assert.Equal(isMuchTaken, (await Task.WhenAny(much)).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Address_AskedForAgain_TellsWhichPartsHaveArrived()
    {
        AssetStores stores = await OpenAsync();
        string query = $"?name={Guid.NewGuid():N}.bin&inParts=true";
        JsonElement first = await AskAsync(stores, query);
        string address = first.GetProperty("address").GetString()!;

        using HttpResponseMessage sent = await Http.PutAsync($"{address}&comp=block&blockid=cGFydC0x", new StringContent("hello"), Token);
        JsonElement again = await AskAsync(stores, query);
        JsonElement whole = await AskAsync(stores, query.Replace("true", "false", StringComparison.Ordinal));

        Assert.True(sent.IsSuccessStatusCode, $"{sent.StatusCode}");
        Assert.Empty(first.GetProperty("parts").EnumerateArray());
        Assert.Empty(whole.GetProperty("parts").EnumerateArray());
        JsonElement part = Assert.Single(again.GetProperty("parts").EnumerateArray());
        Assert.Equal(("cGFydC0x", 5), (part.GetProperty("id").GetString(), part.GetProperty("bytes").GetInt64()));
    }

    [Fact]
    public async Task Address_OfNoStoreNamed_IsOfAzureAndEndsAsConfigured()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;

        JsonElement answer = await AskAsync(await OpenAsync(), "?name=a.txt");

        Assert.Equal("azure", answer.GetProperty("store").GetString());
        Assert.InRange(answer.GetProperty("expires").GetDateTimeOffset(), before.AddMinutes(10), DateTimeOffset.UtcNow.AddMinutes(10));
    }

    [Theory]
    [
        InlineData(""),
        InlineData("?name=../ledger/x.json"),
        InlineData("?name=a%5Cb"),
        InlineData("?name=a.txt&store=gcs"),
        InlineData("?name=a%00.txt"),
        InlineData("?name=a.txt&meta.1a=b")
    ]
    public async Task Address_OfAWrongNameOrStore_IsRefused(string query)
    {
        AssetStores stores = await OpenAsync();

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => AskAsync(stores, query));

        Assert.Equal(400, problem.Status);
    }

    private static async Task<JsonElement> AskAsync(AssetStores stores, string query)
    {
        UploadAddressFunction function = new(stores, new UploadOptions { AddressLifetime = TimeSpan.FromMinutes(10) }, TimeProvider.System);
        (int status, JsonElement body) = await ModelsApi.AnswerAsync(function.RunAsync(ModelsApi.Request(query), Token));
        Assert.Equal(StatusCodes.Status201Created, status);
        return body;
    }

    private async Task<AssetStores> OpenAsync() =>
        new([
            new AzureObjectStore((await servers.Azurite).Options),
            new S3ObjectStore(await (await servers.S3).CreateBucketAsync(), TimeProvider.System),
        ]);
}
