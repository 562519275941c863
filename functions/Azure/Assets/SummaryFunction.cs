using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Ledgers;

namespace Serverless.Functions.Azure.Assets;

/// <param name="Incomplete">Why the counts are not whole yet; absent where they are.</param>
internal sealed record SummaryAnswer(IReadOnlyList<IngestSummary> Stores, IngestSummary Total, DateTimeOffset AsOf, string? Incomplete);

/// <summary>Expected, processed, quarantined and missing, counted from the listings themselves, at most half a minute ago.</summary>
public sealed class SummaryFunction(LedgerViews views)
{
    [Function("IngestSummary")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/ingest/summary")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        IngestCounts counts = await views.CountAsync(cancellationToken);
        return Answers.Json(
            new SummaryAnswer(counts.Stores, IngestSummary.Total(counts.Stores), counts.AsOf, AssetFilter.IncompleteFor(counts.Unread))
        );
    }
}
