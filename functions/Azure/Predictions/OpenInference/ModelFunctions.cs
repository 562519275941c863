using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

internal sealed record ModelMetadata(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorMetadata> Inputs,
    IReadOnlyList<TensorMetadata> Outputs
);

internal sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    /// <summary>A tensor of undeclared rank is shown with one dynamic dimension: the protocol has no word for it.</summary>
    public static TensorMetadata Of(TensorSpec tensor) => new(tensor.Name, tensor.Datatype, tensor.Shape ?? [-1]);
}

/// <param name="Reason">Why it is not ready; beyond the protocol, which has no member for it.</param>
internal sealed record ModelReadyAnswer(string Name, bool Ready, string? Reason);

/// <summary>
/// The protocol's sections "Model Metadata" and "Model Ready". Without a version the stable one of the environment is meant.
/// </summary>
public sealed class ModelFunctions(ModelRegistry registry, ModelServer models, NamedVersions versions)
{
    private const string Platform = "onnx_onnxv1"; // section "Platforms"

    [Function("ModelMetadata")]
    public Task<IResult> MetadataAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}")] HttpRequest request,
        string model,
        CancellationToken cancellationToken
    ) => DescribeAsync(request, model, null, cancellationToken);

    [Function("ModelVersionMetadata")]
    public Task<IResult> VersionMetadataAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}/versions/{version}")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken
    ) => DescribeAsync(request, model, version, cancellationToken);

    [Function("ModelReady")]
    public Task<IResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}/ready")] HttpRequest request,
        string model,
        CancellationToken cancellationToken
    ) => ProbeAsync(request, model, null, cancellationToken);

    [Function("ModelVersionReady")]
    public Task<IResult> VersionReadyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}/versions/{version}/ready")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken
    ) => ProbeAsync(request, model, version, cancellationToken);

    private async Task<IResult> DescribeAsync(HttpRequest request, string model, string? version, CancellationToken cancellationToken)
    {
        ModelManifest manifest = await versions.FindAsync(request, model, version, cancellationToken);
        IReadOnlyList<ModelManifest> all = (await registry.ListAsync(model, cancellationToken)).Items;
        return Answers.Json(
            new ModelMetadata(
                model,
                [.. all.Select(each => each.Version.ToString(CultureInfo.InvariantCulture))],
                Platform,
                [.. manifest.Inputs.Select(TensorMetadata.Of)],
                [.. manifest.Outputs.Select(TensorMetadata.Of)]
            )
        );
    }

    /// <summary>Ready is what is loaded; a probe loads what is not yet, so that whoever waits for it does not wait forever.</summary>
    private async Task<IResult> ProbeAsync(HttpRequest request, string model, string? version, CancellationToken cancellationToken)
    {
        string? reason;
        try
        {
            ModelManifest manifest = await versions.FindAsync(request, model, version, cancellationToken);
            reason = models.IsReady(manifest.Id) ? null : await LoadAsync(manifest.Id, cancellationToken);
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
        {
            reason = e.Message;
        }
        bool ready = reason is null;
        return Answers.Json(new ModelReadyAnswer(model, ready, reason), ready ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    /// <summary>Why it does not load; null where it does.</summary>
    private async Task<string?> LoadAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            using ModelLease lease = await versions.AcquireAsync(version, cancellationToken);
            return null;
        }
        catch (ServingException e)
        {
            return e.Message;
        }
    }
}
