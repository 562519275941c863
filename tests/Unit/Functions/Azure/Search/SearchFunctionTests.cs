using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions;
using Serverless.Functions.Azure.Search;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Steps;
using Serverless.Media.Images;
using Serverless.Serving;
using Serverless.Unit.Ingest;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Search;

public sealed class SearchFunctionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ByText_OfAPassagesOwnWords_FindsItWithNameOffsetAndScore()
    {
        const string passage = "The harbour of Port Alder was closed.";
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await IngestAsync(rig, "news/a.txt", System.Text.Encoding.UTF8.GetBytes(passage));

        JsonElement hit = Assert.Single(
            await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf($"?q={Uri.EscapeDataString(passage)}&kind=text"), Token))
        );

        Assert.Equal((source.AssetId, "media/news/a.txt"), (hit.GetProperty("asset").GetString(), hit.GetProperty("key").GetString()));
        Assert.Equal((0, passage.Length), (hit.GetProperty("start").GetInt32(), hit.GetProperty("end").GetInt32()));
        Assert.InRange(hit.GetProperty("score").GetDouble(), 0.999, 1.001);
        Assert.Equal(passage, hit.GetProperty("snippet").GetString());
    }

    [Fact]
    public async Task ByImage_OfTheSamePicture_FindsIt()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        byte[] png = TestImages.Save("pngsave");
        AssetSource source = await IngestAsync(rig, "a.png", png);

        JsonElement hit = Assert.Single(await HitsAsync(FunctionOf(rig).ByImageAsync(RequestOf("", png), Token)));

        Assert.Equal(source.AssetId, hit.GetProperty("asset").GetString());
        Assert.InRange(hit.GetProperty("score").GetDouble(), 0.999, 1.001);
    }

    [Fact]
    public async Task ByText_OfAnotherKind_FindsNothing()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        await IngestAsync(rig, "a.txt", "The harbour of Port Alder was closed."u8.ToArray());

        Assert.Empty(await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=harbour&kind=video"), Token)));
    }

    [Fact]
    public async Task ByImage_OfAText_IsUnsupported()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            FunctionOf(rig).ByImageAsync(RequestOf("", "words"u8.ToArray()), Token)
        );

        Assert.Equal(415, problem.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=%20")]
    [InlineData("?q=a&limit=0")]
    [InlineData("?q=a&kind=sound")]
    public async Task ByText_OfABadRequest_IsRefused(string query)
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);

        Assert.Equal(400, (await Assert.ThrowsAsync<RequestProblem>(() => FunctionOf(rig).ByTextAsync(RequestOf(query), Token))).Status);
    }

    private static async Task<AssetSource> IngestAsync(AssetRig rig, string name, byte[] bytes)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, bytes);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Get<AssetIndex>().AddAsync(source, Token);
        return source;
    }

    private static SearchFunction FunctionOf(AssetRig rig) =>
        new(
            rig.Get<AssetIndex>(),
            rig.Get<QueryVectors>(),
            new CallerPictures(rig.Get<ImageReader>(), new LaneOptions(), TimeProvider.System),
            new PredictionOptions(),
            rig.Get<AnalysisOptions>(),
            rig.Get<LedgerViews>(),
            TimeProvider.System
        );

    private static HttpRequest RequestOf(string query, byte[]? body = null) =>
        new DefaultHttpContext { Request = { QueryString = new QueryString(query), Body = new MemoryStream(body ?? []) } }.Request;

    private static async Task<JsonElement[]> HitsAsync(Task<IResult> answering)
    {
        using MemoryStream body = new();
        ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        DefaultHttpContext context = new() { RequestServices = services, Response = { Body = body } };
        await (await answering).ExecuteAsync(context);
        return [.. JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("hits").EnumerateArray()];
    }
}
