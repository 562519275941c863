using Microsoft.DurableTask.Client;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

/// <summary>
/// Finds uploads of which only the run store still knows: their store was set back to a time before them. Nothing can mend those but who
/// uploaded them; what was deleted on purpose is in the ledger.
/// </summary>
public sealed class LostUploads(AssetStores stores, Ledger ledger)
{
    private const int PageSize = 200;

    /// <summary>Keys by the name of their store, at most <see cref="ReconcileReport.MaxLost"/> in all.</summary>
    public async Task<ILookup<string, string>> FindAsync(
        DurableTaskClient client,
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        OrchestrationQuery query = new()
        {
            CreatedFrom = since,
            PageSize = PageSize,
            FetchInputsAndOutputs = true,
        };
        HashSet<(string Store, string Key)> lost = [];
        await foreach (OrchestrationMetadata run in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            if (
                run.IsOf(nameof(IngestAsset))
                && run.ReadInputAs<IngestInput>()?.Source is { } source
                && await IsLostAsync(source, cancellationToken)
                && lost.Add((source.Store, source.Key))
                && lost.Count == ReconcileReport.MaxLost
            )
            {
                break;
            }
        }
        return lost.Order().ToLookup(one => one.Store, one => one.Key);
    }

    private async Task<bool> IsLostAsync(AssetSource source, CancellationToken cancellationToken) =>
        await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken) is null
        && await stores.MediaOf(source).FindAsync(stores.PathOf(source), cancellationToken) is null;
}
