using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Models;

/// <summary>An address in storage for a package archive of any size, to be registered with its <c>from</c> then.</summary>
public sealed class PackageAddressFunction(
    IEnumerable<IObjectStore> stores,
    RegistryOptions registry,
    UploadOptions options,
    TimeProvider time
)
{
    private const string Zip = "zip";
    private const string Tar = "tar.gz";
    private const int NameBytes = 8;

    [Function("CreatePackageAddress")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/models/{name}/uploads")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    )
    {
        ModelVersion.CheckName(name);
        string format = request.ReadOneOf("format", [Zip, Tar]) ?? Zip;
        string wanted = request.ReadOneOf("store", stores.Select(one => one.Name)) ?? registry.Store;
        IObjectStore store = stores.First(one => one.Name == wanted);
        string path = $"uploads/models/{name}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}.{format}";
        UploadAddress upload = await store.CreateUploadAddressAsync(
            path,
            GivenMetadata.None,
            time.GetUtcNow() + options.AddressLifetime,
            cancellationToken
        );
        return UploadAddressAnswer.Send(request, store, path, asset: null, upload);
    }
}
