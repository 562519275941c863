using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Audit;
using Serverless.Captures;
using Serverless.Ingest;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Orchestrations.Operations.Retention;

/// <summary>Removes some of what is old. Done again, it removes others.</summary>
public sealed class RemoveOld(AssetStores stores, AzureObjectStore store, AuditLog audit, PurgedRuns purgedRuns, GoldenDraftRemoval drafts)
{
    internal const int AtOnce = 100;

    /// <summary>The most pages of runs that one call looks at.</summary>
    internal const int PagesAtOnce = 20;

    private const string By = "retention";
    private const int Done = 200;

    [Function(nameof(RemoveOld))]
    public async Task<RemovedSome> RunAsync(
        [ActivityTrigger] RetentionStep step,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        RemovedSome removed = step.Kind switch
        {
            RetentionKind.CompletedRuns => await PurgeAsync(client, OrchestrationRuntimeStatus.Completed, step, cancellationToken),
            RetentionKind.FailedRuns => await PurgeAsync(client, OrchestrationRuntimeStatus.Failed, step, cancellationToken),
            RetentionKind.TerminatedRuns => await PurgeAsync(client, OrchestrationRuntimeStatus.Terminated, step, cancellationToken),
            RetentionKind.Captures => await DeleteAsync([store], CapturePath.Prefix, IsCaptureOf(step.Before), step, cancellationToken),
            RetentionKind.Quarantine => await DeleteAsync(
                [.. stores.All.OrderBy(one => one.Name, StringComparer.Ordinal)],
                AssetLayout.QuarantinePrefix,
                record => record.LastModified < step.Before,
                step,
                cancellationToken
            ),
            RetentionKind.Audit => await CutAsync(step.Before, cancellationToken),
            RetentionKind.GoldenDrafts => new RemovedSome(await drafts.RemoveOldAsync(step.Before, cancellationToken), IsMore: false),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step.Kind, "There is no such kind."),
        };
        if (removed.Removed > 0 && step.Kind != RetentionKind.Audit) // a cut is in the log as it is
        {
            string why = $"{removed.Removed} {step.Kind} of before {step.Before:u}";
            long begun = await audit.BeginAsync(nameof(RemoveOld), step.Kind.ToString(), By, By, why, cancellationToken);
            await audit.EndAsync(begun, Done, cancellationToken);
        }
        return removed;
    }

    /// <summary>
    /// Looks at pages until one has something to purge. That page is looked at again at the next call, since what was behind it has
    /// moved up where a run store counts its pages.
    /// </summary>
    private async Task<RemovedSome> PurgeAsync(
        DurableTaskClient client,
        OrchestrationRuntimeStatus status,
        RetentionStep step,
        CancellationToken cancellationToken
    )
    {
        OrchestrationQuery query = new()
        {
            Statuses = [status],
            CreatedTo = step.Before,
            PageSize = AtOnce,
        };
        string? after = step.After;
        int looked = 0;
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(after).WithCancellation(cancellationToken))
        {
            int purged = await PurgeAsync(client, page.Values.Where(run => run.LastUpdatedAt < step.Before), cancellationToken);
            if (purged > 0)
            {
                return new RemovedSome(purged, IsMore: true, after);
            }
            after = page.ContinuationToken;
            if (after is null || ++looked == PagesAtOnce)
            {
                break;
            }
        }
        return new RemovedSome(0, IsMore: after is not null && looked > 0, after);
    }

    private async Task<int> PurgeAsync(
        DurableTaskClient client,
        IEnumerable<OrchestrationMetadata> old,
        CancellationToken cancellationToken
    )
    {
        int purged = 0;
        foreach (string id in old.Select(run => run.InstanceId))
        {
            if ((await client.PurgeInstanceAsync(id, cancellationToken)).PurgedInstanceCount > 0)
            {
                purged++;
                await purgedRuns.NoteAsync(id, cancellationToken);
            }
        }
        return purged;
    }

    /// <summary>The place in the listings is the name of a store, a line feed, and where its listing goes on.</summary>
    private static async Task<RemovedSome> DeleteAsync(
        IObjectStore[] stores,
        string prefix,
        Func<StoredObject, bool> isOld,
        RetentionStep step,
        CancellationToken cancellationToken
    )
    {
        string[] place = step.After?.Split('\n', 2) ?? [stores[0].Name, ""];
        int at = Math.Max(0, Array.FindIndex(stores, store => store.Name == place[0]));
        string? after = place[1].Length == 0 ? null : place[1];
        int deleted = 0;
        for (int looked = 0; at < stores.Length && looked < PagesAtOnce && deleted < AtOnce; looked++)
        {
            ObjectPage page = await ReadPageAsync(stores[at], prefix, after, cancellationToken);
            foreach (StoredObject found in page.Objects.Where(isOld))
            {
                deleted += await stores[at].DeleteAsync(found.Path, cancellationToken) ? 1 : 0;
            }
            after = page.Next;
            at += after is null ? 1 : 0;
        }
        return at == stores.Length
            ? new RemovedSome(deleted, IsMore: false)
            : new RemovedSome(deleted, IsMore: true, $"{stores[at].Name}\n{after}");
    }

    /// <summary>A store without the container has nothing to remove: Azure makes it with its first object.</summary>
    private static async Task<ObjectPage> ReadPageAsync(
        IObjectStore store,
        string prefix,
        string? after,
        CancellationToken cancellationToken
    )
    {
        bool isEmpty = after is null && !await store.ListAsync(prefix, cancellationToken).AnyAsync(cancellationToken);
        return isEmpty ? new ObjectPage([], Next: null) : await store.ListPageAsync(prefix, after, AtOnce, cancellationToken);
    }

    /// <summary>An object of another name than ours stays.</summary>
    private static Func<StoredObject, bool> IsCaptureOf(DateTimeOffset before) =>
        found => CapturePath.HourIn(found.Path) is { } hour && hour.AddHours(1) <= before;

    private async Task<RemovedSome> CutAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        bool isCut = await audit.CutAsync(before, cancellationToken);
        return new RemovedSome(isCut ? 1 : 0, IsMore: isCut);
    }
}
