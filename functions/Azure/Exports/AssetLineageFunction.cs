using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Orchestrations.Exports;

namespace Serverless.Functions.Azure.Exports;

/// <summary>Which versions analysed an asset, and which exports and versions it went into, the latter also once it is erased.</summary>
public sealed class AssetLineageFunction(AssetLineage lineage)
{
    [Function("ShowAssetLineage")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/assets/{id}/lineage")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    ) =>
        AssetSource.IsAssetId(id)
            ? Answers.Json(await lineage.FindAsync(id, cancellationToken))
            : throw RequestProblem.NotFound($"'{id}' is no id of an asset.");
}
