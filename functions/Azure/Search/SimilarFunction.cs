using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Media;

namespace Serverless.Functions.Azure.Search;

/// <summary>More like this: the neighbours of an asset, or of one place of it, by the vectors that were stored with its analysis.</summary>
public sealed class SimilarFunction(
    IAssetSearch search,
    SearchAnswers answers,
    AnalysedVectors vectors,
    AssetStores stores,
    LedgerViews views,
    TimeProvider time
)
{
    private const int MaxPlaceCharacters = 100;

    [Function("FindSimilar")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/assets/{id}/similar")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        SearchTerms terms = SearchTerms.Read(request, stores.All.Select(store => store.Name));
        string? place = request.ReadText("place", MaxPlaceCharacters);
        LedgerRow asset = await FindAsync(id, cancellationToken);
        MediaKind kind = asset.Kind!.Value;
        QueryVector vector = await vectors.FindAsync(asset.Source, kind, place, cancellationToken)
            ?? throw RequestProblem.NotFound(
                $"Asset '{id}' has no vector{(place is null ? "" : $" of place '{place}'")} in the space that searches ask."
            );
        AssetQuery query = new(Words: null, vector, AnalysedVectors.RoleOf(kind), terms.Filter, terms.Limit)
        {
            After = terms.After,
            Facets = terms.Facets,
            Without = id,
        };
        return await answers.WriteAsync(await search.SearchAsync(query, cancellationToken), started, cancellationToken);
    }

    private async Task<LedgerRow> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (views.Find(id) is not { State: AssetState.Processed })
        {
            await views.RefreshAsync(cancellationToken);
        }
        return views.Find(id) switch
        {
            null => throw RequestProblem.NotFound($"There is no asset '{id}'."),
            { State: AssetState.Processed, Kind: not null } row => row,
            var row => throw RequestProblem.NotFound($"Asset '{id}' has no analysis: its newest version is {row.State}."),
        };
    }
}
