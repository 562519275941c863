using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Ingest;

/// <param name="Run">1 for the first; a redrive counts on, and its instance id with it.</param>
public sealed record IngestInput(AssetSource Source, int Run);

/// <summary>What the run shows of itself while it works.</summary>
/// <param name="Spent">By models, once it is analysed.</param>
public sealed record IngestStatus(string Stage, int Attempt, AnalysisSpending? Spent = null);

/// <param name="State">Name of the <see cref="AssetState"/> that the version ended in.</param>
public sealed record IngestResult(string State, int Attempts, Failure? Failure);

/// <summary>
/// One asset version from its upload to its result: admitted, analysed here or by gpu-batch, settled. A fault that may heal is tried again
/// with growing pauses; one that does not heal, or not in time, ends in quarantine.
/// </summary>
[StartedBy("POST /api/assets", "POST /api/quarantine/{id}/redrive", MayRestart = true)]
[AwaitsEvent(GpuCompletionMessage.EventName, typeof(GpuCompletionMessage), RaisedBy = GpuCompletionMessage.RaisedBy)]
public static class IngestAsset
{
    internal const int MaxAttempts = AssetAdmission.MaxAttempts;
    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A job is sent again when nobody answered for so long: longer than any video takes, since only a lost message is sent anew.
    /// </summary>
    internal static readonly TimeSpan AnswerWithin = TimeSpan.FromHours(6);
    internal const int MaxSendings = 4;

    /// <summary>
    /// While nothing serves a model that it needs, or another is analysed alone, a run looks again for five minutes; after that the
    /// reconcile starts a new one.
    /// </summary>
    internal static readonly TimeSpan LookPause = TimeSpan.FromSeconds(5);
    internal const int MaxLooks = 60;

    [Function(nameof(IngestAsset))]
    public static async Task<IngestResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, IngestInput input)
    {
        context.SetCustomStatus(new IngestStatus("admitting", 0));
        Admission admission = await context.CallActivityAsync<Admission>(nameof(AdmitAsset), input, StepRetries.SixMinutes);
        if (admission.Verdict is AdmissionVerdict.Settled or AdmissionVerdict.Superseded or AdmissionVerdict.Gone)
        {
            return End(context, admission.Verdict.ToString(), 0, null);
        }

        SettleInput settling =
            admission.Verdict == AdmissionVerdict.Refused
                ? new SettleInput(input.Source, new AnalysisOutcome(AnalysisStatus.Refused, admission.Failure), admission.Attempts)
                : await AnalyseAsync(context, admission);
        if (settling.Outcome.Status == AnalysisStatus.Waiting)
        {
            return End(context, settling.Outcome.Status.ToString(), settling.Attempts, settling.Outcome.Failure);
        }
        context.SetCustomStatus(new IngestStatus("settling", settling.Attempts));
        string state = await context.CallActivityAsync<string>(nameof(SettleAsset), settling, StepRetries.SixMinutes);
        return End(context, state, settling.Attempts, settling.Outcome.Failure, settling.Outcome.Spent);
    }

    private static IngestResult End(
        TaskOrchestrationContext context,
        string state,
        int attempts,
        Failure? failure,
        AnalysisSpending? spent = null
    )
    {
        context.SetCustomStatus(new IngestStatus(state, attempts, spent));
        return new IngestResult(state, attempts, failure);
    }

    private static async Task<SettleInput> AnalyseAsync(TaskOrchestrationContext context, Admission admission)
    {
        AnalysisRequest request = admission.Request!;
        bool asJob = admission.Verdict == AdmissionVerdict.AsJob;
        for (int attempt = 1; ; attempt++)
        {
            AnalysisOutcome outcome = asJob
                ? new(AnalysisStatus.TooLong)
                : await WaitForModelsAsync(context, () => AnalyseHereAsync(context, request));
            if (outcome.Status == AnalysisStatus.TooLong)
            {
                asJob = true;
                (outcome, int begun) = await AskWorkerAsync(context, request);
                request = request with { Attempt = begun };
            }
            if (outcome.Status == AnalysisStatus.Waiting || outcome.Failure is not { Retryable: true } failure)
            {
                return new SettleInput(request.Source, outcome, request.Attempt, request.Kind);
            }
            if (attempt == MaxAttempts)
            {
                string reason = $"It failed {MaxAttempts} times, at last because: {failure.Message}";
                return new SettleInput(request.Source, AnalysisOutcome.Refuse(FailureKind.Exhausted, reason), request.Attempt);
            }
            await context.CreateTimer(FirstPause * Math.Pow(2, attempt - 1), CancellationToken.None);
            request = request with { Attempt = request.Attempt + 1 };
        }
    }

    private static async Task<AnalysisOutcome> WaitForModelsAsync(TaskOrchestrationContext context, Func<Task<AnalysisOutcome>> analyse)
    {
        AnalysisOutcome outcome = await analyse();
        for (int looks = 1; outcome.Status == AnalysisStatus.Waiting && looks < MaxLooks; looks++)
        {
            context.SetCustomStatus(new IngestStatus("waitingForModel", 0));
            await context.CreateTimer(LookPause, CancellationToken.None);
            outcome = await analyse();
        }
        return outcome;
    }

    private static async Task<AnalysisOutcome> AnalyseHereAsync(TaskOrchestrationContext context, AnalysisRequest request)
    {
        context.SetCustomStatus(new IngestStatus("analysing", request.Attempt));
        try
        {
            return await context.CallActivityAsync<AnalysisOutcome>(nameof(AnalyseAsset), request);
        }
        catch (TaskFailedException e)
        {
            return new AnalysisOutcome(
                AnalysisStatus.Refused,
                new Failure(FailureKind.Internal, e.FailureDetails.ErrorMessage, Retryable: true)
            );
        }
    }

    /// <returns>What came of it, and how often the analysis has been begun by now.</returns>
    internal static async Task<(AnalysisOutcome Outcome, int Attempt)> AskWorkerAsync(
        TaskOrchestrationContext context,
        AnalysisRequest request
    )
    {
        context.SetCustomStatus(new IngestStatus("waitingForWorker", request.Attempt));
        GpuJobMessage job = new(context.InstanceId, request, context.InstanceId, context.CurrentUtcDateTime);
        for (int sending = 1; sending <= MaxSendings; sending++)
        {
            await context.CallActivityAsync<GpuJobMessage>(nameof(EnqueueGpuJob), job, StepRetries.SixMinutes);
            try
            {
                GpuCompletionMessage answer = await context.WaitForExternalEvent<GpuCompletionMessage>(
                    GpuCompletionMessage.EventName,
                    AnswerWithin
                );
                return (OutcomeOf(answer), answer.Attempt ?? request.Attempt);
            }
            catch (TaskCanceledException)
            {
                // Nobody answered in time: the job, or its answer, is lost.
            }
        }
        string reason = $"No worker answered in {MaxSendings * AnswerWithin.TotalHours} hours.";
        return (AnalysisOutcome.Refuse(FailureKind.Exhausted, reason), request.Attempt);
    }

    private static AnalysisOutcome OutcomeOf(GpuCompletionMessage answer) =>
        answer.Failure is null
            ? new AnalysisOutcome(answer.Status, Spent: answer.Spent)
            : new AnalysisOutcome(AnalysisStatus.Refused, answer.Failure);
}
