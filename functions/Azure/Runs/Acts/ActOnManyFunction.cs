using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Bulk;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>Does the same to all runs that a filter admits. The list of runs says beforehand how many they are.</summary>
public sealed class ActOnManyFunction(RunIndex index, BulkActs acts, TimeProvider time)
{
    /// <summary>
    /// 202 with the run that does it, whose custom status says how far it is; 409 where they are not as many as expected.
    /// </summary>
    [Function("ActOnManyRuns")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/acts")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        request.ReadRequester();
        ActOnManyRequest wanted = await request.ReadJsonAsync<ActOnManyRequest>(cancellationToken);
        string reason = ReasonRequest.Demand(wanted.Reason);
        RunAct act = wanted.Act ?? throw RequestProblem.BadRequest($"act is missing; allowed are {ActNames}.");
        int expected = wanted.Expected
            ?? throw RequestProblem.BadRequest("expected is missing; it says how many runs the list has of this filter.");
        string[] ids = await SelectAsync(request.ReadRunFilter(time.GetUtcNow()), cancellationToken);
        BulkActs.CheckExpected(ids.Length, expected);
        return await acts.StartAsync(request, client, (BulkAct)act, ids, reason, cancellationToken);
    }

    private static string ActNames => string.Join(", ", Enum.GetNames<RunAct>()).ToLowerInvariant();

    private async Task<string[]> SelectAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        await foreach (RunEntry run in index.MatchAsync(filter, cancellationToken))
        {
            if (run.Kind != RunKind.Orchestration)
            {
                throw RequestProblem.BadRequest(
                    $"The filter admits '{run.Id}', which is no orchestration and takes no act; kind=orchestration leaves such work out."
                );
            }
            ids.Add(run.Id);
        }
        return [.. ids];
    }
}
