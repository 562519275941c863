using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Assets;

/// <summary>An address in storage for an upload of any size; what is put there goes the way of every upload.</summary>
public sealed class UploadAddressFunction(AssetStores stores, UploadOptions options, TimeProvider time)
{
    private const string DefaultStore = "azure";

    [Function("CreateUploadAddress")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/assets/uploads")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        string? name = request.ReadOne("name");
        if (AssetName.Fault(name) is { } fault)
        {
            throw RequestProblem.BadRequest(fault);
        }
        IObjectStore store = stores[request.ReadOneOf("store", stores.All.Select(one => one.Name)) ?? DefaultStore];
        IReadOnlyDictionary<string, string> given = request.ReadGiven(
            store.Name == DefaultStore ? GivenMetadata.MaxCharacters : GivenMetadata.MaxCharactersOfS3
        );
        bool inParts = request.ReadOneOf("inParts", ["true", "false"]) == "true";
        string path = AssetLayout.MediaPrefix + name;
        (string container, string key) = store.Locate(path);
        string asset = new AssetSource(store.Name, container, key, Version: "").AssetId;
        UploadAddress upload = await store.CreateUploadAddressAsync(
            path,
            given,
            time.GetUtcNow() + options.AddressLifetime,
            cancellationToken
        );
        // Only who sends parts asks the store for those that have arrived: it is a request of its own.
        IReadOnlyList<UploadedPart> parts = inParts ? await store.ListUploadedPartsAsync(path, cancellationToken) : [];
        return UploadAddressAnswer.Send(request, store, path, asset, upload, parts);
    }
}
