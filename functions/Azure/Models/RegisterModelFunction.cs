using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Shared;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Models;

/// <summary>A new version of a model: an archive, streamed, or an archive or folder of the store.</summary>
public sealed class RegisterModelFunction(
    ModelRegistry registry,
    SharedRegistry shared,
    PackageIntake intake,
    WebhookPublisher webhooks,
    RegistryOptions options,
    UploadOptions uploads
)
{
    private const string Instead =
        "Larger packages go to the address that POST /api/models/{name}/uploads gives, and are registered with its \"from\".";

    [Function("RegisterModel")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/models/{name}/versions")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    )
    {
        string type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        bool isArchive = type != "application/json";
        RegistrationBody said = isArchive ? request.ReadRegistration() : await request.ReadJsonAsync<RegistrationBody>(cancellationToken);
        Registration registration = said.For(name, request.ReadRequester());
        registration.Check();
        using StagedPackage package = isArchive
            ? await UnpackAsync(request, type, name, cancellationToken)
            : await CopyAsync(said, name, cancellationToken);
        RegisterOutcome outcome = await registry.RegisterAsync(package.Folder, registration, cancellationToken);
        ModelManifest manifest = outcome.Manifest;
        if (outcome.Created)
        {
            await webhooks.PublishAsync(
                "model.registered",
                $"{manifest.Id}",
                manifest.Digest,
                VersionSummary.Of(manifest),
                cancellationToken
            );
        }
        // Also of one that was registered before: what broke off here is finished by registering again.
        await shared.PublishAsync(manifest.Id, cancellationToken);
        request.HttpContext.Response.Headers.Location = $"{request.Path}/{manifest.Version}";
        return Answers.Json(manifest, outcome.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private Task<StagedPackage> CopyAsync(RegistrationBody said, string name, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(said.From)
            ? throw RequestProblem.BadRequest(
                "from is empty; it must name an archive or a folder of the store, for instance uploads/my-model."
            )
            : intake.CopyAsync(said.Store, said.From, name, cancellationToken);

    private async Task<StagedPackage> UnpackAsync(HttpRequest request, string type, string name, CancellationToken cancellationToken)
    {
        await using Stream body = await request.OpenBodyAsync(
            Math.Min(uploads.MaxBytes, options.Limits.MaxPackageBytes),
            Instead,
            cancellationToken
        );
        return type switch
        {
            "application/zip" or "application/x-zip-compressed" => await intake.UnpackZipAsync(body, name, cancellationToken),
            "application/gzip" or "application/x-gzip" => await intake.UnpackTarAsync(body, name, cancellationToken),
            _ => throw RequestProblem.Unsupported(
                $"The content type is '{type}'; allowed are application/zip, application/gzip (of a tar archive) and application/json."
            ),
        };
    }
}
