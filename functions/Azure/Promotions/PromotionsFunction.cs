using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Promotion;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout.Guards;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.Promotions;

/// <param name="Looks">At most 60, evenly over the step; the last is the latest. Empty before the first.</param>
internal sealed record WatchAnswer(string Step, IReadOnlyList<GuardLook> Looks);

/// <summary>Promotions: asked for, listed, looked at, decided on and cancelled.</summary>
public sealed class PromotionsFunction(
    PromotionPlans plans,
    ObjectiveOptions objectives,
    PromotionGate gate,
    PromotionWatches watches,
    RegistryOptions registry,
    TimeProvider time
)
{
    private const int MaxPage = 200;

    /// <summary>202 with the address of its status; the same again for a repeated <c>Idempotency-Key</c>.</summary>
    [Function("StartPromotion")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/promotions")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        PromotionRequest wanted = await request.ReadJsonAsync<PromotionRequest>(cancellationToken);
        PromotionInput input = wanted.ToInput(request, plans, objectives, registry.Environments, time.GetUtcNow());
        ModelVersion.CheckName(input.Model);
        string id = PromotionScheduler.IdOf(input.To, input.Model, PromotionRequest.ReadKey(request, input));
        if (await FindAsync(client, id, cancellationToken) is { } known)
        {
            return Repeat(request, known, input);
        }

        PromotionTarget target = new(id, input.To, input.Model, input.Version, Before: null);
        PromotionTurn turn = await gate.EnterAsync(client, target, input.Queue, cancellationToken);
        if (turn.Verdict == TurnVerdict.Refused)
        {
            throw RequestProblem.Conflict(
                $"Promotion '{turn.Holder}' of '{input.Model}' to {input.To} is at "
                    + $"work{(input.Queue ? ", and the queue is full" : "; \"queue\": true waits for its end")}."
            );
        }
        await client.StartAsync(id, input, cancellationToken);
        return Accepted(request, (await FindAsync(client, id, cancellationToken))!);
    }

    [Function("ListPromotions")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/promotions")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string? environment = request.ReadOneOf("environment", registry.Environments);
        string? model = request.ReadText("model", 64);
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        RunPosition? after = request.ReadText("after", 2_000) is { } token ? RunPosition.Parse(token) : null;
        string[] environments = environment is null ? [.. registry.Environments] : [environment];
        CreationFilter filter = new(PromotionScheduler.IdPrefix + (environment is null ? "" : $"{environment}-"), Admits: run =>
            run.IsOf(nameof(PromoteModel)) && (model is null || environments.Any(to => PromotionScheduler.IsOf(run.InstanceId, to, model)))
        );
        RunPage page = await new NewestRuns(client, time).ReadPageAsync(filter, limit, after, cancellationToken);
        IReadOnlyList<OrchestrationMetadata> runs = await client.ReadDetailsAsync(page.Runs, cancellationToken);
        IEnumerable<PromotionAnswer> items = runs.Select(run => PromotionAnswer.Of(run))
            .OfType<PromotionAnswer>()
            .Where(item => (environment is null || item.To == environment) && (model is null || item.Model == model));
        return Answers.Json(new ListAnswer<PromotionAnswer>([.. items], page.Next?.ToString(), page.Incomplete));
    }

    [Function("ShowPromotion")]
    public static async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/promotions/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => Answers.Json(PromotionAnswer.Of(await LoadAsync(client, id, cancellationToken), withPlan: true));

    /// <summary>How the guardrails stood during one of its steps, "shadow" or "canary-10-percent".</summary>
    [Function("ShowTrial")]
    public async Task<IResult> ShowTrialAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/promotions/{id}/trials/{step}")] HttpRequest request,
        string id,
        string step,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        PromotionInput input = (await LoadAsync(client, id, cancellationToken)).ReadInputAs<PromotionInput>()!;
        if (!PromotionWatches.Watches(input.Plan, step))
        {
            throw RequestProblem.NotFound($"Promotion '{id}' has no step '{step}' in which the version is watched.");
        }
        GuardSeries? series = await watches.FindAsync(
            new PromotionTarget(id, input.To, input.Model, input.Version, Before: null),
            step,
            cancellationToken
        );
        return Answers.Json(new WatchAnswer(step, series?.Looks ?? []));
    }

    /// <summary>A yes or no of somebody who may decide and did not ask for the promotion; a no says why.</summary>
    [Function("DecidePromotion")]
    public static async Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/promotions/{id}/decision")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        DecisionRequest decision = await request.ReadJsonAsync<DecisionRequest>(cancellationToken);
        string by = request.ReadRequester();
        string? reason = ReasonRequest.Check(decision.Reason);
        if (decision.Approve is not { } approve)
        {
            throw RequestProblem.BadRequest("approve is missing; allowed are true and false.");
        }
        if (!approve && reason is null)
        {
            throw RequestProblem.BadRequest("reason is missing; a refusal says why.");
        }

        OrchestrationMetadata run = await LoadAsync(client, id, cancellationToken);
        PromotionStatus? status = PromotionEnd.StatusOf(run);
        ApprovalDecision made = new(by, approve, reason, request.ReadRequesterId());
        if (Approvals.Fault(run.ReadInputAs<PromotionInput>()!, status?.Approvals ?? [], made) is { } fault)
        {
            throw new RequestProblem(StatusCodes.Status403Forbidden, fault);
        }
        if (run.IsCompleted || status?.Stage != "approval")
        {
            throw RequestProblem.Conflict($"Promotion '{id}' waits for no approval; it is at the stage '{status?.Stage ?? "starting"}'.");
        }
        await client.RaiseEventAsync(id, ApprovalDecision.EventName, made, cancellationToken);
        return Accepted(request, run);
    }

    [Function("CancelPromotion")]
    public static async Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/promotions/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        string? reason = await ReasonRequest.ReadAsync(request, cancellationToken);
        OrchestrationMetadata run = await LoadAsync(client, id, cancellationToken);
        if (run.IsCompleted)
        {
            throw RequestProblem.Conflict($"Promotion '{id}' has ended: {PromotionEnd.Of(run)!.Verdict}.");
        }
        await client.RaiseEventAsync(id, RunCancel.EventName, new RunCancel(by, reason), cancellationToken);
        return Accepted(request, run);
    }

    /// <summary>A run that somebody terminated left its callers divided, and others waiting for their turn.</summary>
    [Function("SweepPromotions")]
    public Task SweepAsync(
        [TimerTrigger("50 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => gate.SweepAsync(client, cancellationToken);

    private static IResult Repeat(HttpRequest request, OrchestrationMetadata known, PromotionInput wanted)
    {
        PromotionInput first = known.ReadInputAs<PromotionInput>()!;
        bool same = (first.Model, first.Version, first.From, first.To) == (wanted.Model, wanted.Version, wanted.From, wanted.To);
        return same
            ? Accepted(request, known)
            : throw new RequestProblem(
                StatusCodes.Status422UnprocessableEntity,
                $"The {PromotionRequest.KeyHeader} was used for version {first.Version} of '{first.Model}' from "
                    + $"{first.From ?? "outside"} to {first.To}; another promotion needs another key."
            );
    }

    private static IResult Accepted(HttpRequest request, OrchestrationMetadata run)
    {
        PromotionAnswer answer = PromotionAnswer.Of(run)!;
        request.HttpContext.Response.Headers.Location = answer.Status;
        return Answers.Json(answer, StatusCodes.Status202Accepted);
    }

    private static async Task<OrchestrationMetadata> LoadAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await FindAsync(client, id, cancellationToken) ?? throw RequestProblem.NotFound($"There is no promotion '{id}'.");

    private static async Task<OrchestrationMetadata?> FindAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } run && run.IsOf(nameof(PromoteModel))
            ? run
            : null;
}
