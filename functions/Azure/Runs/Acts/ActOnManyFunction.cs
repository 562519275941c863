using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Bulk;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>Does the same to all runs that a filter admits. The list of runs says beforehand how many they are.</summary>
public sealed class ActOnManyFunction(RunIndex index, RunSelections selections, TimeProvider time)
{
    private const int DigestCharacters = 12;

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
        DateTimeOffset now = time.GetUtcNow();
        string by = request.ReadRequester();
        ActOnManyRequest wanted = await request.ReadJsonAsync<ActOnManyRequest>(cancellationToken);
        string reason = ReasonRequest.Demand(wanted.Reason);
        RunAct act = wanted.Act ?? throw RequestProblem.BadRequest($"act is missing; allowed are {ActNames}.");
        int expected = wanted.Expected
            ?? throw RequestProblem.BadRequest("expected is missing; it says how many runs the list has of this filter.");
        RunSelection selection = await SelectAsync(request.ReadRunFilter(now), expected, cancellationToken);
        string id = IdOf(act, selection, now);
        await selections.CreateAsync(id, selection, cancellationToken);
        ActOnRunsInput input = new(act, selection.Runs.Count, by, request.ReadRequesterId(), reason, AskedAt: now);
        await client.StartRunAsync(KnownOrchestrator.Find(nameof(ActOnRuns))!, input, id, cancellationToken);
        RunActAnswer answer = RunActAnswer.Of(id, act.ToString().ToLowerInvariant());
        request.HttpContext.Response.Headers.Location = answer.Run;
        return Answers.Json(answer, StatusCodes.Status202Accepted);
    }

    private static string ActNames => string.Join(", ", Enum.GetNames<RunAct>()).ToLowerInvariant();

    private async Task<RunSelection> SelectAsync(RunFilter filter, int expected, CancellationToken cancellationToken)
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
        if (ids.Count != expected)
        {
            throw RequestProblem.Conflict(
                $"The filter admits {ids.Count:N0} runs by now, {expected:N0} are expected; look again at the list."
            );
        }
        return ids.Count is > 0 and <= RunSelections.MaxRuns
            ? new RunSelection(ids)
            : throw RequestProblem.BadRequest(
                $"The filter admits {ids.Count:N0} runs; allowed are 1 to {RunSelections.MaxRuns:N0} at a time."
            );
    }

    /// <summary>The same asked for at the same moment is one run.</summary>
    private static string IdOf(RunAct act, RunSelection selection, DateTimeOffset now)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{act}\n{string.Join('\n', selection.Runs)}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"acts-{now.UtcDateTime:yyyyMMddHHmmss}-{Convert.ToHexStringLower(digest)[..DigestCharacters]}"
        );
    }
}
