using Serverless.Exports.Asks;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Text;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Exports;

/// <summary>Turns what is asked for into a plan: which version is meant, and whether it can be exported so. Thread-safe.</summary>
public sealed class ExportPlans(ModelRegistry registry, ModelAliases aliases, RegistryOptions environments, TimeProvider time)
{
    private const string DefaultEnvironment = "prod";

    /// <exception cref="RequestProblem">There is no such model, or the limits do not admit it.</exception>
    internal async Task<ExportPlan> MakeAsync(ExportQuery query, CancellationToken cancellationToken)
    {
        string environment = query.Environment ?? DefaultEnvironment;
        if (!environments.Environments.Contains(environment))
        {
            throw RequestProblem.BadRequest($"environment is '{environment}'; allowed are {string.Join(", ", environments.Environments)}.");
        }
        ModelManifest manifest = await FindAsync(environment, query.Model, query.Version, cancellationToken);
        ExportPlan plan = new(
            query.Name ?? query.Model.Replace('.', '-').Replace('_', '-'),
            manifest.Name,
            manifest.Version,
            environment,
            query.From.ToUniversalTime(),
            query.Until.ToUniversalTime(),
            query.Filters ?? new ExportFilters(),
            query.Sample ?? new ExportSample(),
            [.. (query.Redact ?? []).Distinct().Order(StringComparer.Ordinal)],
            query.Embeddings,
            query.Redact is { Count: > 0 } ? manifest.Processing.Labels ?? [] : [],
            query.Analyses
        );
        string[] faults = [.. ExportCheck.FindFaults(plan, time.GetUtcNow()), .. FindUnknownTypes(plan, manifest)];
        return faults.Length == 0 ? plan : throw RequestProblem.BadRequest(string.Join(' ', faults));
    }

    private async Task<ModelManifest> FindAsync(string environment, string model, int? version, CancellationToken cancellationToken)
    {
        ModelVersion.CheckName(model);
        int wanted = version
            ?? (await aliases.FindAsync(environment, model, cancellationToken))?.Version
            ?? throw RequestProblem.NotFound($"Nothing serves '{model}' in {environment}.");
        return await registry.FindAsync(new ModelVersion(model, wanted), cancellationToken)
            ?? throw RequestProblem.NotFound($"Model '{model}' has no version {wanted}.");
    }

    /// <summary>
    /// A type that is misspelt would mask nothing, nor would a label of a tagging scheme, as B-PER. Texts that other models were asked
    /// about are left out whatever they hold.
    /// </summary>
    private static IEnumerable<string> FindUnknownTypes(ExportPlan plan, ModelManifest manifest)
    {
        if (manifest.Task != ModelTask.TokenClassification)
        {
            return [];
        }
        string[] types = [.. plan.KnownLabels.Select(label => EntityLabel.Parse(label).Type).OfType<string>().Distinct()];
        return plan.Redact.Except(types).Select(type => $"redact names '{type}'; {manifest.Id} finds {string.Join(", ", types)}.");
    }
}
