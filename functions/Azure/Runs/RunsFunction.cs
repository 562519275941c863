using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Runs;
using Serverless.Serving.Costs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>The runs of the durable engine: a list of those that a filter admits, and their counts.</summary>
public sealed class RunsFunction(RunIndex index, RunCheck check, RunFill fill, PriceOptions prices, TimeProvider time)
{
    /// <summary>
    /// The index says which runs the page has; the run store, how they stand. A run that the store no longer has is left out, so that a
    /// page may have fewer than its limit.
    /// </summary>
    [Function("ListRuns")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        RunQuery query = request.ReadRunQuery(time.GetUtcNow());
        FoundRuns found = await index.FindAsync(query, cancellationToken);
        IReadOnlyList<RunEntry> runs = await check.CheckAsync(client, found.Runs, cancellationToken);
        return Answers.Json(
            new RunListAnswer(
                [.. runs.Where(run => query.Filter.Admits(run)).Select(run => RunRow.Of(run, prices))],
                found.Total,
                found.Next?.ToString(),
                await IncompleteAsync(cancellationToken)
            )
        );
    }

    [Function("SummariseRuns")]
    public async Task<IResult> SummariseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/summary")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answers.Json(await index.SummariseAsync(request.ReadRunFilter(time.GetUtcNow()), cancellationToken));

    private async Task<string?> IncompleteAsync(CancellationToken cancellationToken) =>
        string.Join(' ', new[] { index.Incomplete, await fill.DescribeAsync(cancellationToken) }.OfType<string>()) is { Length: > 0 } why
            ? why
            : null;
}
