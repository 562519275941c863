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

    /// <summary>Models that are read at a time; each is some five objects.</summary>
    private const int AtOnce = 16;

    /// <summary>In order of name, those after <c>?after=</c>.</summary>
    [Function("ListModels")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        string after = request.ReadText("after", 100) ?? "";
        IEnumerable<string> names = await registry.ListNamesAsync(cancellationToken);
        List<ModelSummary> found = []; // one more than is shown says that there are more
        foreach (string[] some in names.SkipWhile(name => string.CompareOrdinal(name, after) <= 0).Chunk(AtOnce))
        {
            found.AddRange((await Task.WhenAll(some.Select(name => FindAsync(name, cancellationToken)))).OfType<ModelSummary>());
            if (found.Count > limit)
            {
                return Answers.Json(new ListAnswer<ModelSummary>(found[..limit], found[limit - 1].Name));
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

    /// <summary>Null where all its versions were deleted.</summary>
    private async Task<ModelSummary?> FindAsync(string name, CancellationToken cancellationToken)
    {
        Listed<ModelManifest> versions = await registry.ListAsync(name, cancellationToken);
        return IsThere(versions) ? ModelSummary.Of(name, versions, await AliasesAsync(name, cancellationToken)) : null;
    }

    /// <summary>An alias that cannot be read hides no other.</summary>
    private async Task<Listed<ModelAlias>> AliasesAsync(string name, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(options.Environments.Select(environment => AliasAsync(environment, name, cancellationToken)));
        return new([.. found.Select(one => one.Alias).OfType<ModelAlias>()], [.. found.Select(one => one.Fault).OfType<string>()]);
    }

    private async Task<(ModelAlias? Alias, string? Fault)> AliasAsync(string environment, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await aliases.FindAsync(environment, name, cancellationToken), null);
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
        {
            return (null, e.Message);
        }
    }
}
