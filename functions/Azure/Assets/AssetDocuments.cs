using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Assets;

/// <summary>What the ledgers of all stores hold of one asset. Thread-safe.</summary>
public sealed class AssetDocuments(AssetStores stores, Ledger ledger, ErasureRecords erasures)
{
    /// <exception cref="RequestProblem">There is none, 404; it was erased, 410.</exception>
    public async Task<LedgerDocument> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (AssetSource.IsAssetId(id))
        {
            foreach (IObjectStore store in stores.All)
            {
                if (await ledger.ReadAsync(store.Name, id, cancellationToken) is { } document)
                {
                    return document;
                }
                if (await erasures.FindAsync(store.Name, id, cancellationToken) is { } erased)
                {
                    string captures = erased.CapturesSearched is { } searched
                        ? $"what was captured of it is gone since {searched:u}"
                        : "what was captured of it goes in the night after";
                    throw new RequestProblem(
                        StatusCodes.Status410Gone,
                        $"Asset '{id}' was erased on {erased.At:u} for {erased.By}; {captures}."
                    );
                }
            }
        }
        throw RequestProblem.NotFound($"There is no asset '{id}'.");
    }
}
