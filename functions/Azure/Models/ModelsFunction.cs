using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

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
            Listed<ModelManifest> versions = await registry.ListAsync(name, cancellationToken);
            if (IsThere(versions))
            {
                Listed<ModelAlias> serving = await AliasesAsync(name, cancellationToken);
                found.Add(ModelSummary.Of(name, versions, serving));
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
        Listed<ModelManifest> versions = await registry.ListAsync(name, cancellationToken);
        if (!IsThere(versions))
        {
            throw RequestProblem.NotFound($"There is no model '{name}'.");
        }
        Listed<ModelAlias> serving = await AliasesAsync(name, cancellationToken);
        string[] faults = [.. versions.Faults, .. serving.Faults];
        return Answers.Json(new ModelAnswer(name, [.. versions.Items.Select(VersionSummary.Of)], serving.Items, faults.OrAbsent()));
    }

    internal static bool IsThere(Listed<ModelManifest> versions) => versions.Items.Count + versions.Faults.Count > 0;

    /// <summary>An alias that cannot be read hides no other.</summary>
    private async Task<Listed<ModelAlias>> AliasesAsync(string name, CancellationToken cancellationToken)
    {
        List<ModelAlias> found = [];
        List<string> faults = [];
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
                faults.Add(e.Message);
            }
        }
        return new(found, faults);
    }
}
