using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Operations;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>What operators do to one run. Each says who asks and why, and answers before the run has taken it up.</summary>
public sealed class RunActsFunction(PurgedRuns purged)
{
    [Function("SuspendRun")]
    public Task<IResult> SuspendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/suspend")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => ActAsync(RunAct.Suspend, request, id, client, cancellationToken);

    [Function("ResumeRun")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/resume")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => ActAsync(RunAct.Resume, request, id, client, cancellationToken);

    [Function("TerminateRun")]
    public Task<IResult> TerminateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/terminate")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => ActAsync(RunAct.Terminate, request, id, client, cancellationToken);

    [Function("RestartRun")]
    public Task<IResult> RestartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/restart")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => ActAsync(RunAct.Restart, request, id, client, cancellationToken);

    [Function("RewindRun")]
    public Task<IResult> RewindAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/rewind")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => ActAsync(RunAct.Rewind, request, id, client, cancellationToken);

    [Function("PurgeRun")]
    public Task<IResult> PurgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/purge")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => ActAsync(RunAct.Purge, request, id, client, cancellationToken);

    private async Task<IResult> ActAsync(
        RunAct act,
        HttpRequest request,
        string id,
        DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        string reason = ReasonRequest.Demand((await request.ReadJsonAsync<RunActRequest>(cancellationToken)).Reason);
        OrchestrationMetadata run = await client.LoadRunAsync(RunId.Read(id), cancellationToken);
        await client.ActAsync(act, run, $"{by}: {reason}", cancellationToken);
        if (act == RunAct.Purge)
        {
            await purged.NoteAsync(run.InstanceId, cancellationToken);
        }
        return Answers.Json(RunActAnswer.Of(run.InstanceId, act.ToString().ToLowerInvariant()), StatusCodes.Status202Accepted);
    }
}
