using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Searches;

namespace Serverless.Functions.Azure.Search;

/// <summary>What a search found → the answer, with the names that the ledger has of each asset.</summary>
public sealed class SearchAnswers(LedgerViews views, TimeProvider time)
{
    public async Task<IResult> WriteAsync(FoundPage page, long started, CancellationToken cancellationToken)
    {
        // A view learns of new assets when it is asked for; a hit may be younger than that.
        if (page.Assets.SelectMany(found => found.Locations).Any(asset => views.Find(asset) is null))
        {
            await views.RefreshAsync(cancellationToken);
        }
        return Answers.Json(
            new SearchAnswer(
                [.. page.Assets.Select(found => SearchHit.Of(found, views))],
                page.Facets,
                page.Next?.Write(),
                page.IsComplete,
                Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2)
            )
        );
    }
}
