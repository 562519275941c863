using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Events;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;

namespace Serverless.GpuBatch;

/// <summary>
/// Tells what came of a job: the run that waits for it, or, where none waits, the ledger and the announcement's receiver.
/// </summary>
internal sealed class JobAnswers(AssetSettlement settlement, ResultAnnouncer announcer, AzureWorkQueue? completions)
{
    public async Task AnswerAsync(GpuJobMessage job, AnalysisOutcome outcome, CancellationToken cancellationToken)
    {
        if (job.InstanceId is { } instance)
        {
            AzureWorkQueue queue = completions
                ?? throw new InvalidOperationException(
                    $"Run {instance} waits for job {job.JobId}, but no Azure storage is configured here."
                );
            await queue.SendAsync(
                job.JobId,
                AssetsJson.Write(
                    new GpuCompletionMessage(instance, job.JobId, outcome.Failure, outcome.Status, outcome.Spent, job.Request.Attempt)
                ),
                cancellationToken
            );
            return;
        }

        AssetState state = await settlement.SettleAsync(job.Request.Source, outcome, job.Request.Attempt, cancellationToken);
        await announcer.AnnounceAsync(new AssetSettled(job.Request.Source, state), cancellationToken);
    }
}
