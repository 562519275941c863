using Serverless.Drift;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Drift;

/// <summary>Which version a caller means; only what is registered is looked for. Thread-safe.</summary>
public sealed class DriftSubjects(ModelRegistry registry, ModelAliases aliases, RegistryOptions environments, DriftOptions options)
{
    /// <param name="version">As it stands in an address.</param>
    public Task<DriftSubject> FindAsync(string environment, string model, string version, CancellationToken cancellationToken) =>
        FindAsync(environment, model, NamedVersions.Parse(model, version), cancellationToken);

    /// <exception cref="RequestProblem">There is no such environment, model or version.</exception>
    public async Task<DriftSubject> FindAsync(string? environment, string model, int? version, CancellationToken cancellationToken)
    {
        string where = environment ?? options.Environments[0];
        if (!environments.Environments.Contains(where))
        {
            throw RequestProblem.BadRequest($"environment is '{where}'; allowed are {string.Join(", ", environments.Environments)}.");
        }
        ModelVersion.CheckName(model);
        int wanted = version
            ?? (await aliases.FindAsync(where, model, cancellationToken))?.Version
            ?? throw RequestProblem.NotFound($"Nothing serves '{model}' in {where}.");
        return await registry.FindAsync(new ModelVersion(model, wanted), cancellationToken) is null
            ? throw RequestProblem.NotFound($"Model '{model}' has no version {wanted}.")
            : new DriftSubject(where, model, wanted);
    }
}
