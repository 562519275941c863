using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Ledgers;

namespace Serverless.Functions.Azure.Assets;

/// <summary>What has been uploaded and what became of it, over all stores, the latest change first.</summary>
public sealed class ListAssetsFunction(LedgerViews views)
{
    internal const int MaxPage = 200;

    [Function("ListAssets")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/assets")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        AssetFilter filter = AssetFilter.Read(request, views);
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        string? after = request.ReadText("after", 100);
        await views.RefreshPacedAsync(cancellationToken);
        string? incomplete = AssetFilter.IncompleteFor(views.Unread); // before the rows, of which more come
        ListAnswer<AssetAnswer> page = filter.PageOf(views.NewestFirst(), after, limit);
        return Answers.Json(page with { Incomplete = incomplete, Faults = views.Faults.OrAbsent() });
    }
}
