using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Functions.Azure.Predictions;
using Serverless.Functions.Azure.Search;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Steps;
using Serverless.Media.Images;
using Serverless.Serving;
using Serverless.Unit.Ingest;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Search;

/// <summary>Calls of the search's functions over a rig.</summary>
internal static class SearchCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<AssetSource> IngestAsync(AssetRig rig, string name, byte[] bytes)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, bytes);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Get<AssetIndex>().AddAsync(source, Token);
        rig.Get<WordIndex>().Refresh();
        return source;
    }

    public static SimilarFunction SimilarOf(AssetRig rig) =>
        new(
            rig.Get<AssetSearch>(),
            new SearchAnswers(rig.Get<LedgerViews>(), TimeProvider.System),
            rig.Get<AnalysedVectors>(),
            rig.Get<AssetStores>(),
            rig.Get<LedgerViews>(),
            TimeProvider.System
        );

    public static SearchFunction FunctionOf(AssetRig rig) =>
        new(
            rig.Get<AssetSearch>(),
            new SearchAnswers(rig.Get<LedgerViews>(), TimeProvider.System),
            rig.Get<QueryVectors>(),
            new CallerPictures(rig.Get<ImageReader>(), new LaneOptions(), TimeProvider.System),
            new PredictionOptions(),
            rig.Get<AnalysisOptions>(),
            rig.Get<AssetStores>(),
            TimeProvider.System
        );

    public static HttpRequest RequestOf(string query, byte[]? body = null) =>
        new DefaultHttpContext { Request = { QueryString = new QueryString(query), Body = new MemoryStream(body ?? []) } }.Request;

    public static async Task<JsonElement[]> HitsAsync(Task<IResult> answering) =>
        [.. (await AnswerAsync(answering)).GetProperty("hits").EnumerateArray()];

    public static async Task<JsonElement> AnswerAsync(Task<IResult> answering)
    {
        using MemoryStream body = new();
        ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        DefaultHttpContext context = new() { RequestServices = services, Response = { Body = body } };
        await (await answering).ExecuteAsync(context);
        return JsonDocument.Parse(body.ToArray()).RootElement.Clone();
    }
}
