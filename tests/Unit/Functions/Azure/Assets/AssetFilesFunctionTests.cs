using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Models;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Assets;

public sealed class AssetFilesFunctionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("thumbnail.jpg", "image/jpeg")]
    [InlineData("shots.vtt", "text/vtt; charset=utf-8")]
    [InlineData("passages.json.gz", "application/gzip")]
    public async Task FileBesideAnAnalysis_IsGivenAsWhatItIs(string file, string mediaType)
    {
        (AssetFilesFunction function, IObjectStore store, AssetSource source) = await MakeAsync();
        await WriteAsync(store, AssetLayout.Artifact(source.AssetId, source.VersionId, file), "content");
        using MemoryStream body = new();
        DefaultHttpContext context = new() { RequestServices = ModelsApi.Services, Response = { Body = body } };

        IResult answer = await function.ShowAsync(context.Request, source.AssetId, source.VersionId, file, Token);
        await answer.ExecuteAsync(context);

        Assert.Equal((mediaType, "content"), (context.Response.ContentType, Encoding.UTF8.GetString(body.ToArray())));
        Assert.Equal("nosniff", context.Response.Headers.XContentTypeOptions);
    }

    [Theory]
    [InlineData("analysis.json")]
    [InlineData("../../ledger/x.jpg")]
    [InlineData("..%2Fx.jpg")]
    [InlineData("a\n.jpg")]
    [InlineData("text.vectors")]
    [InlineData("absent.jpg")]
    public async Task AnythingElse_IsNotThere(string file)
    {
        (AssetFilesFunction function, _, AssetSource source) = await MakeAsync();

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            function.ShowAsync(new DefaultHttpContext().Request, source.AssetId, source.VersionId, file, Token)
        );

        Assert.Equal(404, problem.Status);
    }

    [Fact]
    public async Task AnotherVersionOrAsset_IsNotThere()
    {
        (AssetFilesFunction function, _, AssetSource source) = await MakeAsync();
        HttpRequest request = new DefaultHttpContext().Request;

        RequestProblem version = await Assert.ThrowsAsync<RequestProblem>(() =>
            function.ShowAsync(request, source.AssetId, "../../../../ab", "thumbnail.jpg", Token)
        );
        RequestProblem asset = await Assert.ThrowsAsync<RequestProblem>(() =>
            function.ShowAsync(request, "../x", source.VersionId, "thumbnail.jpg", Token)
        );

        Assert.Equal((404, 404), (version.Status, asset.Status));
    }

    [Fact]
    public async Task AddressOfTheOriginal_NamesTheVersionThatIsThere_AndEndsWithTheObject()
    {
        (AssetFilesFunction function, IObjectStore store, AssetSource source) = await MakeAsync();
        HttpRequest request = ModelsApi.Request("");

        (int status, JsonElement body) = await ModelsApi.AnswerAsync(function.ShowAddressAsync(request, source.AssetId, Token));
        using HttpClient http = new();
        string read = await http.GetStringAsync(new Uri(body.GetProperty("address").GetString()!), Token);
        await store.DeleteAsync(store.PathOf(source.Container, source.Key), Token);
        RequestProblem gone = await Assert.ThrowsAsync<RequestProblem>(() => function.ShowAddressAsync(request, source.AssetId, Token));

        Assert.Equal((200, "original"), (status, read));
        Assert.Equal(source.VersionId, body.GetProperty("version").GetString());
        Assert.Equal(404, gone.Status);
    }

    private async Task<(AssetFilesFunction Function, IObjectStore Store, AssetSource Source)> MakeAsync()
    {
        AzureObjectStore store = new((await servers.Azurite).Options);
        AssetStores stores = new([store]);
        Ledger ledger = new(stores, TimeProvider.System);
        StoredObject stored = await WriteAsync(store, $"media/{Guid.NewGuid():N}.txt", "original");
        AssetSource source = AssetStores.SourceOf(store, stored);
        await ledger.UpdateAsync(source, (entry, _) => entry, Token);
        AssetDocuments documents = new(stores, ledger, new ErasureRecords(stores));
        return (new AssetFilesFunction(stores, documents, new UploadOptions(), TimeProvider.System), store, source);
    }

    private static Task<StoredObject> WriteAsync(IObjectStore store, string path, string text) =>
        store.WriteAsync(path, BinaryData.FromString(text).ToStream(), WriteCondition.Always, "application/octet-stream", Token);
}
