using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Promotion;

namespace Serverless.Functions.Azure.Promotions;

/// <summary>One call that brings back what served before, whatever is at work.</summary>
public sealed class RollbackFunction(ModelRollback rollback)
{
    /// <summary>
    /// With a canary or an experiment on, callers go back to the stable version and it ends; else the alias goes back to what served
    /// before.
    /// </summary>
    [Function("RollbackModel")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/models/{name}/rollback")] HttpRequest request,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string environment = request.ReadText("environment", 32)
            ?? throw RequestProblem.BadRequest("environment is missing, as in ?environment=prod.");
        string by = request.ReadRequester();
        string? reason = await ReasonRequest.ReadAsync(request, cancellationToken);
        RollbackOutcome outcome = await rollback.RunAsync(client, environment, name, by, reason, cancellationToken);
        return outcome.Problem is { } problem ? throw RequestProblem.Conflict(problem) : Answers.Json(outcome);
    }
}
