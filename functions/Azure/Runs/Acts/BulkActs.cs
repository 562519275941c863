using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Bulk;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>Begins what is done to many at once, in the name of who asks. Thread-safe.</summary>
public sealed class BulkActs(RunSelections selections, TimeProvider time)
{
    private const int DigestCharacters = 12;

    /// <summary>202 with the run that does it, whose custom status says how far it is.</summary>
    /// <param name="ids">Runs, also those that wait for a job, or uploads; at most <see cref="RunSelections.MaxRuns"/>.</param>
    public async Task<IResult> StartAsync(
        HttpRequest request,
        DurableTaskClient client,
        BulkAct act,
        IReadOnlyList<string> ids,
        string reason,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count is 0 or > RunSelections.MaxRuns)
        {
            throw RequestProblem.BadRequest($"The filter admits {ids.Count:N0}; allowed are 1 to {RunSelections.MaxRuns:N0} at a time.");
        }
        DateTimeOffset now = time.GetUtcNow();
        RunSelection selection = new(ids);
        string id = IdOf(act, selection, now);
        ActOnRunsInput input = new(act, ids.Count, request.ReadRequester(), request.ReadRequesterId(), reason, AskedAt: now);
        await selections.CreateAsync(id, selection, cancellationToken);
        await client.StartRunAsync(KnownOrchestrator.Find(nameof(ActOnRuns))!, input, id, cancellationToken);
        RunActAnswer answer = RunActAnswer.Of(id, act.ToString().ToLowerInvariant());
        request.HttpContext.Response.Headers.Location = answer.Run;
        return Answers.Json(answer, StatusCodes.Status202Accepted);
    }

    /// <exception cref="RequestProblem">409: they are not as many as whoever asks has seen.</exception>
    public static void CheckExpected(int found, int expected)
    {
        if (found != expected)
        {
            throw RequestProblem.Conflict($"The filter admits {found:N0} by now, {expected:N0} are expected; look again.");
        }
    }

    /// <summary>The same asked for at the same moment is one run.</summary>
    private static string IdOf(BulkAct act, RunSelection selection, DateTimeOffset now)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{act}\n{string.Join('\n', selection.Runs)}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"acts-{now.UtcDateTime:yyyyMMddHHmmss}-{Convert.ToHexStringLower(digest)[..DigestCharacters]}"
        );
    }
}
