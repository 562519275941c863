using Microsoft.DurableTask.Client;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Orchestrations.Ingest;
using Serverless.Runs;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <summary>Does an act of many to one of them. Thread-safe.</summary>
public sealed class BulkStep(GpuJobs jobs, LedgerViews ledgers, PurgedRuns purged)
{
    /// <summary>The function that would do it to this one alone, and its address, as the log of acts has them.</summary>
    public static (string Function, string Target) NameOf(BulkAct act, string id)
    {
        (string kind, string place) = act switch
        {
            BulkAct.Requeue or BulkAct.Cancel => ("Job", "jobs"),
            BulkAct.Redrive => ("Asset", "quarantine"),
            _ => ("Run", "runs"),
        };
        return ($"{act}{kind}", $"/api/{place}/{Uri.EscapeDataString(id)}/{act.ToString().ToLowerInvariant()}");
    }

    /// <param name="wasBegun">It may have been done to this one before, by a process that ended before it could keep that.</param>
    /// <exception cref="RunActException">It is not done, since this one stands otherwise by now, or is gone.</exception>
    public async Task DoAsync(DurableTaskClient client, ActOnRunsInput asked, string id, bool wasBegun, CancellationToken cancellationToken)
    {
        try
        {
            await (
                asked.Act switch
                {
                    BulkAct.Requeue => jobs.RequeueAsync(client, id, cancellationToken),
                    BulkAct.Cancel => CancelAsync(client, asked, id, cancellationToken),
                    BulkAct.Redrive => RedriveAsync(client, id, cancellationToken),
                    _ => ActAsync(client, asked, id, wasBegun, cancellationToken),
                }
            );
        }
        catch (RunActException e) when (wasBegun && BulkActRules.IsDone(asked.Act, e.Fault))
        {
            // It was done.
        }
        if (asked.Act == BulkAct.Purge)
        {
            await purged.NoteAsync(id, cancellationToken);
        }
    }

    private static async Task ActAsync(
        DurableTaskClient client,
        ActOnRunsInput asked,
        string id,
        bool wasBegun,
        CancellationToken cancellationToken
    )
    {
        OrchestrationMetadata run = await client.LoadRunAsync(id, cancellationToken);
        if (!wasBegun || !BulkActRules.HasTaken(asked, run))
        {
            BulkActRules.CheckUnchanged(asked, run);
            await client.ActAsync((RunAct)asked.Act, run, asked.Why, cancellationToken);
        }
    }

    /// <summary>The job that was seen is meant, and not one that the run asks for later.</summary>
    private async Task CancelAsync(DurableTaskClient client, ActOnRunsInput asked, string id, CancellationToken cancellationToken)
    {
        BulkActRules.CheckUnchanged(asked, await client.LoadRunAsync(id, cancellationToken));
        await jobs.CancelAsync(client, id, asked.Why, cancellationToken);
    }

    private async Task RedriveAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        LedgerRow row = await ledgers.ReadAsync(id, cancellationToken)
            ?? throw new RunActException(RunActFault.Missing, $"There is no asset '{id}'.");
        if (row.State != AssetState.Quarantined || !await client.StartAsync(row.Source, row.Entry.Run + 1, cancellationToken))
        {
            throw new RunActException(RunActFault.Conflict, $"Asset '{id}' is not in quarantine any more, or is tried again already.");
        }
    }
}
