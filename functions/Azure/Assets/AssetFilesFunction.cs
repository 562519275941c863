using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Assets;

/// <param name="Key">Its key in the store's own terms: without the container.</param>
/// <param name="Address">A secret until it expires: whoever has it may read this one object, in ranges too.</param>
internal sealed record DownloadAddressAnswer(string Asset, string Version, string Store, string Key, Uri Address, DateTimeOffset Expires);

/// <summary>What there is to look at of an asset: the files beside its analysis, and the original.</summary>
public sealed partial class AssetFilesFunction(AssetStores stores, AssetDocuments documents, UploadOptions options, TimeProvider time)
{
    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".jpg"] = "image/jpeg",
        [".vtt"] = "text/vtt; charset=utf-8",
        [".gz"] = "application/gzip",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A thumbnail, a keyframe, captions, the text of passages: as the analysis names them by their paths.</summary>
    [Function("ShowAssetFile")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/assets/{id}/versions/{version}/{file}")] HttpRequest request,
        string id,
        string version,
        string file,
        CancellationToken cancellationToken
    )
    {
        LedgerDocument asset = await documents.FindAsync(id, cancellationToken);
        if (asset.Find(version) is null)
        {
            throw RequestProblem.NotFound($"Asset '{id}' has no version '{version}'.");
        }
        if (!FileName().IsMatch(file) || !MediaTypes.TryGetValue(Path.GetExtension(file), out string? mediaType))
        {
            throw RequestProblem.NotFound(
                $"'{file}' is no file beside an analysis; those are named by it, and end in {string.Join(", ", MediaTypes.Keys.Order())}."
            );
        }
        try
        {
            Stream content = await stores[asset.Store]
                .OpenAsync(AssetLayout.Artifact(id, version, file), version: null, 0, cancellationToken);
            IHeaderDictionary headers = request.HttpContext.Response.Headers;
            headers.CacheControl = "private, max-age=300"; // a later revision may replace it
            headers.XContentTypeOptions = "nosniff";
            return Results.Stream(content, mediaType);
        }
        catch (ObjectMissingException)
        {
            throw RequestProblem.NotFound($"Version '{version}' of asset '{id}' has no file '{file}' beside its analysis.");
        }
    }

    /// <summary>Players and browsers read from the storage itself: an original may have any size.</summary>
    [Function("ShowDownloadAddress")]
    public async Task<IResult> ShowAddressAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/assets/{id}/download")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        LedgerDocument asset = await documents.FindAsync(id, cancellationToken);
        IObjectStore store = stores[asset.Store].In(asset.Container);
        string path = store.PathOf(asset.Container, asset.Key);
        StoredObject current = await store.FindAsync(path, cancellationToken)
            ?? throw RequestProblem.NotFound($"The original of asset '{id}' is no longer in its store.");
        DateTimeOffset expires = time.GetUtcNow() + options.DownloadLifetime;
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Answers.Json(
            new DownloadAddressAnswer(
                id,
                AssetStores.SourceOf(store, current).VersionId,
                asset.Store,
                asset.Key,
                await store.CreateDownloadAddressAsync(path, expires, cancellationToken),
                expires
            )
        );
    }

    [GeneratedRegex("^[a-z0-9][a-zA-Z0-9.-]{0,80}$")]
    private static partial Regex FileName();
}
