using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Operations;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>Starts runs of the app's own orchestrators, and tells them what they await.</summary>
public static class StartRunFunction
{
    [Function("ListOrchestrators")]
    public static IResult List([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/orchestrators")] HttpRequest request) =>
        Answers.Json(new ListAnswer<OrchestratorAnswer>([.. KnownOrchestrator.All.Select(OrchestratorAnswer.Of)], Next: null));

    /// <summary>202; 409 where a run of this id was started before, ended or not.</summary>
    [Function("StartRun")]
    public static async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        request.ReadRequester();
        StartRunRequest wanted = await request.ReadJsonAsync<StartRunRequest>(cancellationToken);
        ReasonRequest.Demand(wanted.Reason);
        KnownOrchestrator known = KnownOrchestrator.Find(wanted.Orchestrator ?? "")
            ?? throw RequestProblem.BadRequest(
                (wanted.Orchestrator is null ? "orchestrator is missing" : $"There is no orchestrator '{wanted.Orchestrator}'")
                    + $"; there are {string.Join(", ", KnownOrchestrator.All.Select(one => one.Name))}."
            );
        if (!known.MayStart)
        {
            throw RequestProblem.Conflict($"Runs of {known.Name} are started by {known.Starters} alone, where more is checked; ask there.");
        }
        object input = PayloadReader.Read(wanted.Input, known.Input, "input");
        string id = await client.StartRunAsync(known, input, wanted.Id, cancellationToken);
        RunActAnswer answer = RunActAnswer.Of(id, "start");
        request.HttpContext.Response.Headers.Location = answer.Run;
        return Answers.Json(answer, StatusCodes.Status202Accepted);
    }

    [Function("RaiseRunEvent")]
    public static async Task<IResult> RaiseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/events/{event}")] HttpRequest request,
        string id,
        string @event,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        request.ReadRequester();
        RaiseEventRequest wanted = await request.ReadJsonAsync<RaiseEventRequest>(cancellationToken);
        ReasonRequest.Demand(wanted.Reason);
        OrchestrationMetadata run = await client.LoadRunAsync(RunId.Read(id), cancellationToken);
        AwaitsEventAttribute awaited = FindEvent(run, @event);
        object payload = PayloadReader.Read(wanted.Payload, awaited.Payload, "payload");
        await client.RaiseAsync(run, awaited.Name, payload, cancellationToken);
        return Answers.Json(RunActAnswer.Of(run.InstanceId, $"raise {awaited.Name}"), StatusCodes.Status202Accepted);
    }

    private static AwaitsEventAttribute FindEvent(OrchestrationMetadata run, string name)
    {
        IReadOnlyList<AwaitsEventAttribute> events = KnownOrchestrator.Find(run.Name)?.Events ?? [];
        AwaitsEventAttribute found = KnownOrchestrator.Find(run.Name)?.FindEvent(name)
            ?? throw RequestProblem.BadRequest(
                events.Count == 0
                    ? $"Runs of {run.Name} await no event."
                    : $"Runs of {run.Name} await no event '{name}'; they await {string.Join(", ", events.Select(one => one.Name))}."
            );
        return found.RaisedBy is { } raiser
            ? throw RequestProblem.Conflict(
                $"The event '{found.Name}' of {run.Name} is raised by {raiser} alone, where more is checked; ask there."
            )
            : found;
    }
}
