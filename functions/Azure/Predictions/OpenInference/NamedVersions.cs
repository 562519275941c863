using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>The version that a route of the protocol means: without a number the stable one of the request's environment.</summary>
public sealed class NamedVersions(
    ModelRegistry registry,
    CallTermsReader reader,
    RolloutTable routes,
    ModelServer models,
    PredictionOptions options,
    TimeProvider time
)
{
    /// <summary>Versions are whole numbers from 1; anything else names none.</summary>
    public static int Parse(string model, string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw RequestProblem.NotFound($"Model '{model}' has no version '{version}'.");

    /// <summary>The environment that a request is for.</summary>
    public string EnvironmentOf(HttpRequest request) => reader.ReadEnvironment(request);

    public async Task<ModelManifest> FindAsync(HttpRequest request, string model, string? version, CancellationToken cancellationToken)
    {
        CallTerms terms = reader.Read(request, model);
        int number = version is null
            ? (await routes.ChooseAsync(terms.Environment, model, terms.RoutingKey, terms.Arm ?? "stable", cancellationToken)).Version
            : Parse(model, version);
        return await registry.FindAsync(model, number, cancellationToken)
            ?? throw RequestProblem.NotFound($"Model '{model}' has no version {number}.");
    }

    /// <summary>Loads it where it is not in memory, for as long as a prediction may take.</summary>
    /// <exception cref="ServingException">It cannot be loaded, or was not in that time.</exception>
    public async Task<ModelLease> AcquireAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(options.MaxDeadline, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await models.AcquireAsync(version, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServingException(ServingFault.DeadlinePassed, $"Model {version} is still loading.", e);
        }
    }
}
