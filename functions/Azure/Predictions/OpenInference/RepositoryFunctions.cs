using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <param name="Ready">Whether only those are listed that answer without a load; false if absent.</param>
internal sealed record RepositoryIndexBody(bool? Ready);

/// <param name="State">READY, LOADING or UNAVAILABLE.</param>
/// <param name="Reason">Why it is not ready; empty where it is.</param>
internal sealed record RepositoryEntry(string Name, string Version, string State, string Reason);

/// <summary>
/// Triton's model repository extension. The repository of an environment is what its aliases name; they alone decide what is loaded, as
/// with a Triton server whose models are not controlled by its clients.
/// </summary>
public sealed class RepositoryFunctions(ModelAliases aliases, ModelServer models, NamedVersions versions)
{
    public const string Extension = "model_repository";

    private const int MaxBodyBytes = 16 << 10;

    [Function("RepositoryIndex")]
    public async Task<IResult> IndexAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "v2/repository/index")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        string environment = versions.EnvironmentOf(request);
        ReadOnlyMemory<byte> json = await RequestBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        bool onlyReady = BodyReader.ParseOptionalJson<RepositoryIndexBody>(json)?.Ready == true;
        ILookup<ModelVersion, ResidentModel> residents = models.Residents.ToLookup(resident => resident.Version);
        List<RepositoryEntry> entries = [];
        foreach (string name in await aliases.ListNamesAsync(environment, cancellationToken))
        {
            if (await FindAsync(name, environment, residents, cancellationToken) is { } entry && (!onlyReady || entry.State == "READY"))
            {
                entries.Add(entry);
            }
        }
        return Answers.Json<IReadOnlyList<RepositoryEntry>>(entries);
    }

    [Function("LoadModel")]
    public static IResult Load(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "v2/repository/models/{model}/load")] HttpRequest request,
        string model
    ) => Refuse(model, "loaded");

    [Function("UnloadModel")]
    public static IResult Unload(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "v2/repository/models/{model}/unload")] HttpRequest request,
        string model
    ) => Refuse(model, "unloaded");

    /// <summary>Null where nothing serves. An alias that was changed by other means hides no other.</summary>
    private async Task<RepositoryEntry?> FindAsync(
        string name,
        string environment,
        ILookup<ModelVersion, ResidentModel> residents,
        CancellationToken cancellationToken
    )
    {
        try
        {
            ModelAlias? alias = await aliases.FindAsync(environment, name, cancellationToken);
            return alias is null ? null : Describe(new ModelVersion(name, alias.Version), environment, residents);
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
        {
            return new RepositoryEntry(name, "", "UNAVAILABLE", e.Message);
        }
    }

    private static RepositoryEntry Describe(ModelVersion version, string environment, ILookup<ModelVersion, ResidentModel> residents)
    {
        (string state, string reason) = residents[version].LastOrDefault() switch
        {
            { State: ResidentState.Ready } => ("READY", ""),
            { State: ResidentState.Loading } => ("LOADING", $"The alias of {environment} names it, and it is being loaded."),
            { State: ResidentState.Failed, Fault: var fault } => ("UNAVAILABLE", fault ?? "It could not be loaded."),
            _ => ("UNAVAILABLE", $"The alias of {environment} names it; this process loads it for its first request."),
        };
        return new RepositoryEntry(version.Name, version.Version.ToString(CultureInfo.InvariantCulture), state, reason);
    }

    /// <summary>501, as Triton answers what a server is not set up for.</summary>
    private static IResult Refuse(string model, string what) =>
        OpenInferenceError.Of(
            StatusCodes.Status501NotImplemented,
            $"Model '{model}' cannot be {what} by request: the aliases of an environment decide what is loaded. Move the alias "
                + $"(PUT /api/models/{model}/aliases/{{environment}}), or promote a version (POST /api/promotions)."
        );
}
