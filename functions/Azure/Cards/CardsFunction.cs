using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Models;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Cards;

/// <summary>What is recorded of a model version, and of the whole, for people who must answer for it.</summary>
public sealed class CardsFunction(ModelRegistry registry, ModelCards models, SystemCards system)
{
    [Function("ShowModelCard")]
    public async Task<IResult> ShowModelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions/{version}/card")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        ModelManifest manifest = await registry.FindAsync(VersionsFunction.Parse(name, version), cancellationToken)
            ?? throw RequestProblem.NotFound($"Model '{name}' has no version {version}.");
        return CardAnswer.Of(request, await models.ReadAsync(manifest, cancellationToken));
    }

    [Function("ShowSystemCard")]
    public async Task<IResult> ShowSystemAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/system/card")] HttpRequest request,
        CancellationToken cancellationToken
    ) => CardAnswer.Of(request, await system.ReadAsync(cancellationToken));
}
