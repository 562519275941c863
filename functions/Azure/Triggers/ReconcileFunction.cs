using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Events;
using Serverless.Orchestrations.Ingest;

namespace Serverless.Functions.Azure.Triggers;

/// <param name="Run">Where its status is, and at its end what it found and did.</param>
internal sealed record ReconcileRunAnswer(string Id, string Run);

/// <summary>Every five minutes, or when asked: what events have missed is found and mended.</summary>
public sealed class ReconcileFunction(Reconciliation reconciliation, ReconcileOptions options, ResultAnnouncer announcer, TimeProvider time)
{
    private const int MaxGraceSeconds = 24 * 60 * 60;

    [Function("ReconcileTimer")]
    public async Task OnTimerAsync(
        [TimerTrigger("0 */5 * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await reconciliation.RunAsync(client, grace: null, lostSince: null, cancellationToken);
        }
        finally
        {
            await announcer.DeliverKeptAsync(cancellationToken);
        }
    }

    /// <summary>
    /// With <c>?graceSeconds=0</c> uploads are taken up however young they are; with <c>?since=</c> a time, it names what was lost since.
    /// What takes longer than <see cref="ReconcileOptions.AnswerWithin"/> is answered by 202 and the address of its run.
    /// </summary>
    [Function("Reconcile")]
    public async Task<IResult> OnRequestAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/reconcile")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        int seconds = request.ReadNumber("graceSeconds", 0, MaxGraceSeconds, otherwise: -1);
        TimeSpan? grace = seconds < 0 ? null : TimeSpan.FromSeconds(seconds);
        ReconcileAsked asked = new(grace, request.ReadTime("since"));
        string id = await client.StartReconcileAsync(asked, time.GetUtcNow(), cancellationToken);
        if (await EndOfAsync(client, id, cancellationToken) is not { } run)
        {
            ReconcileRunAnswer answer = new(id, $"/api/runs/{id}");
            request.HttpContext.Response.Headers.Location = answer.Run;
            return Answers.Json(answer, StatusCodes.Status202Accepted);
        }
        return run.RuntimeStatus == OrchestrationRuntimeStatus.Completed
            ? Answers.Json(run.ReadOutputAs<IReadOnlyList<ReconcileReport>>())
            : throw new RequestProblem(
                StatusCodes.Status502BadGateway,
                $"The run {id} ended as {run.RuntimeStatus}: {run.FailureDetails?.ErrorMessage ?? "nothing more is known"}."
            );
    }

    /// <summary>Null where it takes longer than a request may.</summary>
    private async Task<OrchestrationMetadata?> EndOfAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(options.AnswerWithin, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
