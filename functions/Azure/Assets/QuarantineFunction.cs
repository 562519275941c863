using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs.Acts;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Operations.Bulk;

namespace Serverless.Functions.Azure.Assets;

/// <param name="Runs">The run that was started; none where it was started before.</param>
internal sealed record RedriveAnswer(IReadOnlyList<string> Runs);

/// <summary>What a redrive of a filter would try again.</summary>
/// <param name="Total">That the filter admits.</param>
/// <param name="Count">Of those, how many one redrive takes.</param>
/// <param name="First">Those that it takes first: the latest change comes first.</param>
/// <param name="Incomplete">Why there may be more; absent where there are not.</param>
internal sealed record RedrivePreview(int Total, int Count, IReadOnlyList<AssetAnswer> First, string? Incomplete);

/// <summary>What was given up, and trying it again.</summary>
public sealed class QuarantineFunction(LedgerViews views, BulkActs acts)
{
    private const int MaxRedrives = RunSelections.MaxRuns;
    private const int MaxShown = 20;

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
        AssetSource source = row.Source;
        int run = row.Entry.Run + 1;
        bool isStarted = await client.StartAsync(source, run, cancellationToken);
        return Answers.Json(new RedriveAnswer(isStarted ? [source.InstanceId(run)] : []), StatusCodes.Status202Accepted);
    }

    /// <summary>How many the same request as <see cref="RedriveManyAsync"/> would try again, and which of them first.</summary>
    [Function("PreviewRedrive")]
    public async Task<IResult> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/quarantine/redrive")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        AssetFilter filter = AssetFilter.Read(request, views) with { State = AssetState.Quarantined };
        int limit = request.ReadNumber("limit", 1, MaxRedrives, otherwise: MaxRedrives);
        await views.RefreshAsync(cancellationToken);
        LedgerRow[] rows = [.. views.NewestFirst().Where(filter.Admits)];
        return Answers.Json(
            new RedrivePreview(
                rows.Length,
                Math.Min(rows.Length, limit),
                [.. rows.Take(Math.Min(limit, MaxShown)).Select(AssetAnswer.Of)],
                AssetFilter.IncompleteFor(views.Unread)
            )
        );
    }

    /// <summary>
    /// All that the filter admits, at most <c>?limit=</c> of them; without a filter everything in quarantine. 202 with the run that does
    /// it, some at a time.
    /// </summary>
    [Function("RedriveMany")]
    public async Task<IResult> RedriveManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/quarantine/redrive")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        request.ReadRequester();
        string reason = await ReasonRequest.DemandAsync(request, cancellationToken);
        AssetFilter filter = AssetFilter.Read(request, views) with { State = AssetState.Quarantined };
        int limit = request.ReadNumber("limit", 1, MaxRedrives, otherwise: MaxRedrives);
        int expected = request.ReadNumber("expected", 0, int.MaxValue, otherwise: -1);
        await views.RefreshAsync(cancellationToken);
        string[] ids = [.. views.NewestFirst().Where(filter.Admits).Select(row => row.Asset)];
        if (expected >= 0)
        {
            BulkActs.CheckExpected(ids.Length, expected);
        }
        return await acts.StartAsync(request, client, BulkAct.Redrive, ids[..Math.Min(ids.Length, limit)], reason, cancellationToken);
    }
}
