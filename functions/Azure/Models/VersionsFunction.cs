using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Shared;
using Serverless.Registry.Signatures;

namespace Serverless.Functions.Azure.Models;

/// <param name="Environments">Those whose keys made it, where it counts.</param>
internal sealed record SignatureAnswer(int Version, IReadOnlyList<string> Environments);

/// <summary>The versions of a model: what is known of each, two side by side, signing one, deleting one.</summary>
public sealed class VersionsFunction(
    ModelRegistry registry,
    ModelAliases aliases,
    ModelReports reports,
    VersionSignatures signatures,
    SharedRegistry shared,
    VersionDeletion deletion,
    RegistryOptions options
)
{
    private const int MaxSignatureBytes = 4 << 10;

    [Function("ListVersions")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    ) =>
        await registry.ListAsync(name, cancellationToken) is var versions && ModelsFunction.IsThere(versions)
            ? Answers.Json(Answers.ListOf(versions, VersionSummary.Of))
            : throw RequestProblem.NotFound($"There is no model '{name}'.");

    [Function("ShowVersion")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions/{version}")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        ModelManifest manifest = await LoadAsync(name, version, cancellationToken);
        List<string> serves = [];
        foreach (string environment in options.Environments)
        {
            if (await ServesAsync(environment, manifest.Id, cancellationToken))
            {
                serves.Add(environment);
            }
        }
        return Answers.Json(
            new VersionAnswer(
                manifest,
                serves,
                await reports.ListAsync(manifest.Id, cancellationToken),
                await reports.FindLatencyAsync(manifest.Id, cancellationToken)
            )
        );
    }

    [Function("CompareVersions")]
    public async Task<IResult> CompareAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions/compare")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    )
    {
        ModelManifest a = await LoadAsync(name, request.ReadOne("a") ?? "", cancellationToken);
        ModelManifest b = await LoadAsync(name, request.ReadOne("b") ?? "", cancellationToken);
        return Answers.Json(
            VersionComparison.Of(
                a,
                b,
                await reports.FindLatencyAsync(a.Id, cancellationToken),
                await reports.FindLatencyAsync(b.Id, cancellationToken)
            )
        );
    }

    /// <summary>manifest.json byte for byte: what is signed.</summary>
    [Function("ShowManifest")]
    public async Task<IResult> ManifestAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions/{version}/manifest")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    ) =>
        Results.Bytes(
            (
                await registry.ReadManifestAsync(Parse(name, version), cancellationToken)
                ?? throw RequestProblem.NotFound($"Model '{name}' has no version {version}.")
            ).ToMemory(),
            "application/json"
        );

    /// <summary>A detached signature over manifest.json, as `openssl dgst -sha256 -sign key.pem manifest.json` writes it.</summary>
    [Function("SignVersion")]
    public async Task<IResult> SignAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/models/{name}/versions/{version}/signatures")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        ModelVersion id = Parse(name, version);
        ReadOnlyMemory<byte> signature = await RequestBody.ReadAsync(request, MaxSignatureBytes, cancellationToken);
        IReadOnlyList<string> counts = await signatures.AddAsync(id, signature.ToArray(), request.ReadRequester(), cancellationToken);
        await shared.PublishAsync(id, cancellationToken);
        return Answers.Json(new SignatureAnswer(id.Version, counts));
    }

    [Function("DeleteVersion")]
    public async Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/models/{name}/versions/{version}")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        await deletion.DeleteAsync(Parse(name, version), request.ReadRequester(), cancellationToken);
        return Results.NoContent();
    }

    internal static ModelVersion Parse(string name, string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new ModelVersion(name, number)
            : throw RequestProblem.BadRequest($"The version is '{version}'; allowed are whole numbers from 1.");

    /// <summary>False where the alias cannot be read, of which the model itself tells.</summary>
    private async Task<bool> ServesAsync(string environment, ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            return (await aliases.FindAsync(environment, version.Name, cancellationToken))?.Version == version.Version;
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
        {
            return false;
        }
    }

    private async Task<ModelManifest> LoadAsync(string name, string version, CancellationToken cancellationToken)
    {
        ModelVersion id = Parse(name, version);
        return await registry.FindAsync(id, cancellationToken)
            ?? throw RequestProblem.NotFound($"Model '{name}' has no version {id.Version}.");
    }
}
