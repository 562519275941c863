using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Assets;

/// <summary>
/// One asset: all its versions as the ledger has them, where else its content lies, the analysis of one of them, and its erasure.
/// </summary>
public sealed class AssetFunction(
    AssetStores stores,
    AssetDocuments documents,
    AssetErasure erasure,
    SidecarRevision sidecars,
    IAssetSearch search,
    LedgerViews views
)
{
    [Function("ShowAsset")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/assets/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        LedgerDocument asset = await documents.FindAsync(id, cancellationToken);
        IReadOnlyCollection<string> locations = await search.LocationsOfAsync(id, cancellationToken);
        if (locations.Any(location => views.Find(location) is null))
        {
            await views.RefreshPacedAsync(cancellationToken);
        }
        return Answers.Json(AssetVersions.Of(asset, AssetLocation.Of(locations, views)));
    }

    /// <summary>The newest version that has one, or the one of <c>?version=</c>.</summary>
    [Function("ShowAnalysis")]
    public async Task<IResult> ShowAnalysisAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/assets/{id}/analysis")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        LedgerDocument asset = await documents.FindAsync(id, cancellationToken);
        string? wanted = request.ReadText("version", 13);
        LedgerEntry entry = asset.Versions.FirstOrDefault(known =>
            wanted is null ? known.Finished is not null && known.Failure is null : known.Version == wanted
        )
            ?? throw RequestProblem.NotFound(
                $"Asset '{id}' has no analysis{(wanted is null ? " yet" : $" of version '{wanted}'")}: {Describe(asset)}."
            );
        try
        {
            Stream analysis = await stores[asset.Store]
                .OpenAsync(AssetLayout.Analysis(id, entry.Version), version: null, 0, cancellationToken);
            return Results.Stream(analysis, "application/json");
        }
        catch (ObjectMissingException)
        {
            throw RequestProblem.NotFound($"Version '{entry.Version}' of asset '{id}' has no analysis: its state is {entry.State}.");
        }
    }

    /// <summary>The object, all that was made of it and the history of its runs; what stays is a record that it was done.</summary>
    [Function("EraseAsset")]
    public async Task<IResult> EraseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/assets/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        LedgerDocument asset = await documents.FindAsync(id, cancellationToken);
        IEnumerable<string> runs = asset.Versions.SelectMany(entry =>
            Enumerable.Range(1, Math.Max(1, entry.Run)).Select(run => asset.SourceOf(entry).InstanceId(run))
        );
        foreach (string run in runs)
        {
            // One at work cannot be purged: it finds nothing, and goes with its age (Retention).
            if (await client.GetInstanceAsync(run, cancellationToken) is { IsCompleted: true })
            {
                await client.PurgeInstanceAsync(run, cancellationToken);
            }
        }
        ErasureRecord record = await erasure.EraseAsync(asset, by, cancellationToken);
        await client.ReviseAsync(
            await sidecars.FindLeftAsync(new AssetSource(asset.Store, asset.Container, asset.Key, ""), cancellationToken),
            cancellationToken
        );
        return Answers.Json(record);
    }

    private static string Describe(LedgerDocument asset) =>
        asset.Newest is { } newest
            ? $"its newest version is {newest.State}{(newest.Failure is { } failure ? $" ({failure.Message})" : "")}"
            : "no version of it is known";
}
