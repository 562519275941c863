using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Orchestrations.Ingest;

namespace Serverless.Functions.Azure.Assets;

/// <param name="Runs">Those that were started; one that was started before is not among them.</param>
internal sealed record RedriveAnswer(IReadOnlyList<string> Runs);

/// <summary>What was given up, and trying it again.</summary>
public sealed class QuarantineFunction(LedgerViews views)
{
    private const int MaxRedrives = 1000;

    [Function("ListQuarantine")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/quarantine")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        AssetFilter filter = AssetFilter.Read(request, views) with { State = AssetState.Quarantined };
        int limit = request.ReadNumber("limit", 1, ListAssetsFunction.MaxPage, otherwise: 50);
        string? after = request.ReadText("after", 100);
        await views.RefreshPacedAsync(cancellationToken);
        string? incomplete = AssetFilter.IncompleteFor(views.Unread); // before the rows, of which more come
        ListAnswer<AssetAnswer> page = filter.PageOf(views.NewestFirst(), after, limit);
        return Answers.Json(page with { Incomplete = incomplete, Faults = views.Faults.OrAbsent() });
    }

    [Function("RedriveAsset")]
    public async Task<IResult> RedriveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/quarantine/{id}/redrive")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await views.RefreshAsync(cancellationToken);
        LedgerRow row = views.Find(id) ?? throw RequestProblem.NotFound($"There is no asset '{id}'.");
        if (row.State != AssetState.Quarantined)
        {
            throw RequestProblem.Conflict($"Asset '{id}' is {row.State}; only what is quarantined can be redriven.");
        }
        return await RedriveAsync([row], client, cancellationToken);
    }

    /// <summary>All that the filter admits, at most <c>?limit=</c> of them; without a filter everything in quarantine.</summary>
    [Function("RedriveMany")]
    public async Task<IResult> RedriveManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/quarantine/redrive")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        AssetFilter filter = AssetFilter.Read(request, views) with { State = AssetState.Quarantined };
        int limit = request.ReadNumber("limit", 1, MaxRedrives, otherwise: MaxRedrives);
        await views.RefreshAsync(cancellationToken);
        return await RedriveAsync(views.NewestFirst().Where(filter.Admits).Take(limit).ToList(), client, cancellationToken);
    }

    private static async Task<IResult> RedriveAsync(
        IReadOnlyList<LedgerRow> rows,
        DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        List<string> runs = [];
        foreach (LedgerRow row in rows)
        {
            AssetSource source = row.Source;
            int run = row.Entry.Run + 1;
            if (await client.StartAsync(source, run, cancellationToken))
            {
                runs.Add(source.InstanceId(run));
            }
        }
        return Answers.Json(new RedriveAnswer(runs), StatusCodes.Status202Accepted);
    }
}
