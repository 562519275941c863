using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Reanalysis;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>What the run shows of itself once the asset is analysed, or given up.</summary>
/// <param name="Spent">By models.</param>
/// <param name="Outcome">What it came to, where it ended: "processed" or "refused".</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record RevisionStatus(string Stage, AnalysisSpending? Spent, string? Outcome = null, string? Reason = null);

/// <summary>
/// One asset version analysed anew: here, or by gpu-batch. A fault that may heal is tried again with growing pauses; after that the
/// analysis before stands. While it is to wait it is looked at again, which is no try. Answers with what came of it; Settled where there
/// was nothing to do.
/// </summary>
[StartedBy("POST /api/reanalysis", MayRestart = true)]
[AwaitsEvent(GpuCompletionMessage.EventName, typeof(GpuCompletionMessage), RaisedBy = GpuCompletionMessage.RaisedBy)]
public static class ReviseAsset
{
    private const int MaxTries = 3;
    private const string Ended = "ended";
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    [Function(nameof(ReviseAsset))]
    public static async Task<AnalysisStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, RevisionInput input)
    {
        for (int tries = 1, looks = 1; ; )
        {
            RevisionBegun begun = await context.CallActivityAsync<RevisionBegun>(nameof(BeginRevision), input, StepRetries.SixMinutes);
            AnalysisOutcome outcome = begun.Request is { } request ? await AnalyseAsync(context, request) : begun.Outcome!;
            if (outcome.Status == AnalysisStatus.Analysed && begun.Request is { } analysed)
            {
                context.SetCustomStatus(new RevisionStatus("settling", outcome.Spent));
                await context.CallActivityAsync(nameof(SettleRevision), analysed, StepRetries.SixMinutes);
                context.SetCustomStatus(new RevisionStatus(Ended, outcome.Spent, "processed"));
            }
            if (outcome.Status == AnalysisStatus.Waiting && looks++ < IngestAsset.MaxLooks)
            {
                await context.CreateTimer(IngestAsset.LookPause, CancellationToken.None);
                continue;
            }
            if (outcome.Failure is not { Retryable: true } || tries == MaxTries)
            {
                return End(context, outcome);
            }
            await context.CreateTimer(FirstPause * Math.Pow(2, tries++ - 1), CancellationToken.None);
        }
    }

    /// <summary>Nobody keeps why the analysis before stands but the run itself.</summary>
    private static AnalysisStatus End(TaskOrchestrationContext context, AnalysisOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            context.SetCustomStatus(new RevisionStatus(Ended, outcome.Spent, "refused", failure.Message));
        }
        return outcome.Status == AnalysisStatus.Waiting ? AnalysisStatus.Refused : outcome.Status;
    }

    private static async Task<AnalysisOutcome> AnalyseAsync(TaskOrchestrationContext context, AnalysisRequest request)
    {
        try
        {
            AnalysisOutcome outcome = await context.CallActivityAsync<AnalysisOutcome>(nameof(AnalyseRevision), request);
            return outcome.Status == AnalysisStatus.TooLong ? (await IngestAsset.AskWorkerAsync(context, request)).Outcome : outcome;
        }
        catch (TaskFailedException e)
        {
            Failure failure = new(FailureKind.Internal, e.FailureDetails.ErrorMessage, Retryable: true);
            return new AnalysisOutcome(AnalysisStatus.Refused, failure);
        }
    }
}
