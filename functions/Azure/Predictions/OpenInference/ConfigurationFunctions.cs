using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>
/// Triton's model configuration extension. A version that is not in memory is loaded, since its graph says how its rows are batched.
/// </summary>
public sealed class ConfigurationFunctions(NamedVersions versions)
{
    public const string Extension = "model_configuration";

    [Function("ModelConfig")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}/config")] HttpRequest request,
        string model,
        CancellationToken cancellationToken
    ) => DescribeAsync(request, model, null, cancellationToken);

    [Function("ModelVersionConfig")]
    public Task<IResult> RunVersionAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}/versions/{version}/config")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken
    ) => DescribeAsync(request, model, version, cancellationToken);

    private async Task<IResult> DescribeAsync(HttpRequest request, string model, string? version, CancellationToken cancellationToken)
    {
        using ModelLease lease = await versions.AcquireAsync(
            (await versions.FindAsync(request, model, version, cancellationToken)).Id,
            cancellationToken
        );
        return Answers.Json(ModelConfiguration.Of(lease.Model));
    }
}
