using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Assets;

/// <summary>One asset: all its versions as the ledger has them, and the analysis of one of them.</summary>
public sealed class ShowAssetFunction(AssetStores stores, Ledger ledger)
{
    [Function("ShowAsset")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "assets/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    ) => Answers.Json(await FindAsync(id, cancellationToken));

    /// <summary>The newest version that has one, or the one of <c>?version=</c>.</summary>
    [Function("ShowAnalysis")]
    public async Task<IResult> ShowAnalysisAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "assets/{id}/analysis")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        LedgerDocument asset = await FindAsync(id, cancellationToken);
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

    private async Task<LedgerDocument> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (AssetSource.IsAssetId(id))
        {
            foreach (IObjectStore store in stores.All)
            {
                if (await ledger.ReadAsync(store.Name, id, cancellationToken) is { } document)
                {
                    return document;
                }
            }
        }
        throw RequestProblem.NotFound($"There is no asset '{id}'.");
    }

    private static string Describe(LedgerDocument asset) =>
        asset.Newest is { } newest
            ? $"its newest version is {newest.State}{(newest.Failure is { } failure ? $" ({failure.Message})" : "")}"
            : "no version of it is known";
}
