using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Events;
using Serverless.Orchestrations.Ingest;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>Every five minutes, or when asked: what events have missed is found and mended.</summary>
public sealed class ReconcileFunction(Reconciliation reconciliation, ResultAnnouncer announcer)
{
    private const int MaxGraceSeconds = 24 * 60 * 60;

    [Function("ReconcileTimer")]
    public async Task OnTimerAsync(
        [TimerTrigger("0 */5 * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await reconciliation.RunAsync(client, grace: null, lostSince: null, cancellationToken);
        await announcer.DeliverKeptAsync(cancellationToken);
    }

    /// <summary>
    /// With <c>?graceSeconds=0</c> uploads are taken up however young they are; with <c>?since=</c> a time, it names what was lost since.
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
        return Answers.Json(await reconciliation.RunAsync(client, grace, request.ReadTime("since"), cancellationToken));
    }
}
