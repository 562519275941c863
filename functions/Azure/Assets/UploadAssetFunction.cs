using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Assets;

/// <param name="Run">The run that will analyse it, once the upload's own event arrives.</param>
internal sealed record UploadAnswer(string Asset, string Version, string Run, string Store, string Key, long Length);

/// <summary>An upload through HTTP: streamed to media/, from where it goes the way of every upload.</summary>
public sealed class UploadAssetFunction(AzureObjectStore store, UploadOptions options)
{
    private const string Instead = "Larger files go to the address that POST /api/assets/uploads gives.";

    [Function("UploadAsset")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/assets")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        string? name = request.ReadOne("name");
        if (AssetName.Fault(name) is { } fault)
        {
            throw RequestProblem.BadRequest(fault);
        }
        IReadOnlyDictionary<string, string> given = request.ReadGiven();
        await using Stream body = await request.OpenBodyAsync(options.MaxBytes, Instead, cancellationToken);
        StoredObject stored = await store.WriteAsync(
            AssetLayout.MediaPrefix + name,
            body,
            WriteCondition.Always,
            "application/octet-stream",
            given,
            cancellationToken
        );
        AssetSource source = AssetStores.SourceOf(store, stored);
        request.HttpContext.Response.Headers.Location = $"{request.Path}/{source.AssetId}";
        return Answers.Json(
            new UploadAnswer(source.AssetId, source.VersionId, source.InstanceId(), source.Store, source.Key, stored.Length),
            StatusCodes.Status202Accepted
        );
    }
}
