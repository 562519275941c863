using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Models;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Rollout;

namespace Serverless.Functions.Azure.Reanalysis;

/// <summary>Analyses made anew by the versions that serve now: after a promotion by themselves, or when asked for.</summary>
public sealed class ReanalysisFunction(
    PromotionFollower follower,
    RolloutTable routes,
    RolesOptions roles,
    ReanalysisOptions options,
    AssetStores stores,
    TimeProvider time
)
{
    [Function("FollowPromotions")]
    public Task OnTimerAsync(
        [TimerTrigger("*/15 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => follower.FollowAsync(client, cancellationToken);

    [Function("StartReanalysis")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/reanalysis")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        ReanalysisQuery query = await request.ReadJsonAsync<ReanalysisQuery>(cancellationToken);
        query.CheckModel(roles);
        RoutePlan plan = await routes.FindPlanAsync(roles.Environment, query.Model, cancellationToken)
            ?? throw RequestProblem.Conflict($"No version of '{query.Model}' serves in {roles.Environment}.");
        string id = await client.StartAsync(
            query.ToRequest(plan.Stable, options.RatePerMinute, stores.All.Select(store => store.Name)),
            $"{time.GetUtcNow():yyyyMMddHHmmssfffffff}",
            cancellationToken
        );
        return Accepted(request, await LoadAsync(client, id, cancellationToken));
    }

    [Function("ShowReanalysis")]
    public static async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/reanalysis/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => Answers.Json(await LoadAsync(client, id, cancellationToken));

    [Function("CancelReanalysis")]
    public static async Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/reanalysis/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        string? reason = await ReasonRequest.ReadAsync(request, cancellationToken);
        ReanalysisAnswer run = await LoadAsync(client, id, cancellationToken);
        if (run.Stage is "completed" or "stopped" or "cancelled" or "failed")
        {
            throw RequestProblem.Conflict($"Reanalysis '{id}' has ended: {run.Stage}.");
        }
        await client.RaiseEventAsync(id, RunCancel.EventName, new RunCancel(by, reason), cancellationToken);
        return Accepted(request, run);
    }

    private static IResult Accepted(HttpRequest request, ReanalysisAnswer run)
    {
        request.HttpContext.Response.Headers.Location = $"/api/reanalysis/{run.Id}";
        return Answers.Json(run, StatusCodes.Status202Accepted);
    }

    private static async Task<ReanalysisAnswer> LoadAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } run && ReanalysisAnswer.Of(run) is { } answer
            ? answer
            : throw RequestProblem.NotFound($"There is no reanalysis '{id}'.");
}
