using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Models;

/// <summary>Which models there are, and one with its versions and what serves where.</summary>
public sealed class ModelsFunction(ModelRegistry registry, ModelAliases aliases, RegistryOptions options)
{
    private const int MaxPage = 200;

    /// <summary>In order of name, those after <c>?after=</c>.</summary>
    [Function("ListModels")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        string after = request.ReadText("after", 100) ?? "";
        List<ModelSummary> found = [];
        foreach (string name in (await registry.ListNamesAsync(cancellationToken)).SkipWhile(n => string.CompareOrdinal(n, after) <= 0))
        {
            if (found.Count == limit)
            {
                return Answers.Json(new ListAnswer<ModelSummary>(found, found[^1].Name));
            }
            if (await registry.ListAsync(name, cancellationToken) is [.., var latest] versions)
            {
                (List<ModelAlias> serving, List<string>? faults) = await AliasesAsync(name, cancellationToken);
                Dictionary<string, int> served = serving.ToDictionary(a => a.Environment, a => a.Version);
                found.Add(new(name, latest.Task, latest.Version, versions.Count, served, faults));
            }
        }
        return Answers.Json(new ListAnswer<ModelSummary>(found, null));
    }

    [Function("ShowModel")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<ModelManifest> versions = await registry.ListAsync(name, cancellationToken);
        if (versions.Count == 0)
        {
            throw RequestProblem.NotFound($"There is no model '{name}'.");
        }
        (List<ModelAlias> serving, List<string>? faults) = await AliasesAsync(name, cancellationToken);
        return Answers.Json(new ModelAnswer(name, [.. versions.Select(VersionSummary.Of)], serving, faults));
    }

    /// <summary>An alias that cannot be read hides no other.</summary>
    private async Task<(List<ModelAlias> Found, List<string>? Faults)> AliasesAsync(string name, CancellationToken cancellationToken)
    {
        List<ModelAlias> found = [];
        List<string>? faults = null;
        foreach (string environment in options.Environments)
        {
            try
            {
                if (await aliases.FindAsync(environment, name, cancellationToken) is { } alias)
                {
                    found.Add(alias);
                }
            }
            catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
            {
                (faults ??= []).Add(e.Message);
            }
        }
        return (found, faults);
    }
}
