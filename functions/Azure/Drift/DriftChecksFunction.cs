using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Drift;

namespace Serverless.Functions.Azure.Drift;

/// <summary>Checks for drift: by themselves after each window, when asked for, and over the past.</summary>
public sealed class DriftChecksFunction(DriftWatch watch, DriftSubjects subjects, DriftOptions options, TimeProvider time)
{
    [Function("DriftTimer")]
    public Task OnTimerAsync(
        [TimerTrigger("0 20 * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => watch.StartAsync(client, cancellationToken);

    [Function("StartDriftCheck")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/drift/checks")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        DriftCheckQuery query = await request.ReadJsonAsync<DriftCheckQuery>(cancellationToken);
        DriftSubject subject = await subjects.FindAsync(query.Environment, query.Model, query.Version, cancellationToken);
        DriftCheckRequest check = query.ToRequest(subject, options, time.GetUtcNow());
        string id = await client.StartAsync(new DriftCheckInput(check, query.FollowUp ? [.. options.FollowUps] : []), cancellationToken);
        request.HttpContext.Response.Headers.Location = $"/api/drift/checks/{id}";
        return Answers.Json(await LoadAsync(client, id, cancellationToken), StatusCodes.Status202Accepted);
    }

    [Function("ShowDriftCheck")]
    public static async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/drift/checks/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => Answers.Json(await LoadAsync(client, id, cancellationToken));

    [Function("StartDriftBackfill")]
    public async Task<IResult> BackfillAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/drift/backfills")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        DriftBackfillQuery query = await request.ReadJsonAsync<DriftBackfillQuery>(cancellationToken);
        DriftSubject subject = await subjects.FindAsync(query.Environment, query.Model, query.Version, cancellationToken);
        string id = await client.StartAsync(query.ToInput(subject, options, time.GetUtcNow()), cancellationToken);
        request.HttpContext.Response.Headers.Location = $"/api/drift/backfills/{id}";
        return Answers.Json(await LoadBackfillAsync(client, id, cancellationToken), StatusCodes.Status202Accepted);
    }

    [Function("ShowDriftBackfill")]
    public static async Task<IResult> ShowBackfillAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/drift/backfills/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => Answers.Json(await LoadBackfillAsync(client, id, cancellationToken));

    [Function("CancelDriftBackfill")]
    public static async Task<IResult> CancelBackfillAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/drift/backfills/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        string? reason = await ReasonRequest.ReadAsync(request, cancellationToken);
        BackfillAnswer run = await LoadBackfillAsync(client, id, cancellationToken);
        await client.RaiseEventAsync(id, RunCancel.EventName, new RunCancel(by, reason), cancellationToken);
        return Answers.Json(run, StatusCodes.Status202Accepted);
    }

    private static async Task<DriftCheckAnswer> LoadAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } run && DriftCheckAnswer.Of(run) is { } answer
            ? answer
            : throw RequestProblem.NotFound($"There is no drift check '{id}'.");

    private static async Task<BackfillAnswer> LoadBackfillAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } run && run.IsOf(nameof(BackfillDrift))
            ? new BackfillAnswer(
                id,
                $"/api/runs/{id}",
                run.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<BackfillStatus>()
            )
            : throw RequestProblem.NotFound($"There is no backfill '{id}'.");
}
