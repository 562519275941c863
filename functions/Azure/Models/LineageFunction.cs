using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Retraining;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Models;

/// <summary>Of what a version was made, as its manifest says; absent is what whoever registered it did not say.</summary>
/// <param name="Parent">The version whose predictions it learnt from, or that it began as.</param>
/// <param name="Ancestors">The parent's parent and on, as far as they are registered here, 20 at most.</param>
/// <param name="Data">The digest of the training data; of an export the one of its card.</param>
/// <param name="Code">Of the trainer.</param>
/// <param name="TrainingRun">Of a retraining here, its status is under <c>/api/runs</c>.</param>
/// <param name="Labels">Rows of each label that it learnt from.</param>
internal sealed record LineageAnswer(
    string Model,
    int Version,
    string Digest,
    string? Parent,
    IReadOnlyList<string> Ancestors,
    string? Data,
    string? Code,
    string? TrainingRun,
    int? Rows,
    IReadOnlyDictionary<string, int> Labels,
    string RegisteredBy,
    DateTimeOffset RegisteredAt
);

/// <summary>Where versions come from.</summary>
public sealed class LineageFunction(ModelRegistry registry)
{
    private const int MaxAncestors = 20;

    [Function("ShowLineage")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/models/{name}/versions/{version}/lineage")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        ModelVersion wanted = VersionsFunction.Parse(name, version);
        ModelManifest manifest = await registry.FindAsync(wanted, cancellationToken)
            ?? throw RequestProblem.NotFound($"Model '{name}' has no version {version}.");
        return Answers.Json(
            new LineageAnswer(
                manifest.Name,
                manifest.Version,
                manifest.Digest,
                manifest.Lineage.BaseModel,
                await FindAncestorsAsync(manifest, cancellationToken),
                manifest.Lineage.DataDigest,
                manifest.Lineage.CodeCommit,
                manifest.Lineage.TrainingRun,
                manifest.Metrics.TryGetValue(TrainedRegistration.RowsMetric, out double rows) ? (int)rows : null,
                LabelsOf(manifest),
                manifest.RegisteredBy,
                manifest.RegisteredAt
            )
        );
    }

    private static SortedDictionary<string, int> LabelsOf(ModelManifest manifest) =>
        new(
            manifest
                .Metrics.Where(metric => metric.Key.StartsWith(TrainedRegistration.LabelPrefix, StringComparison.Ordinal))
                .ToDictionary(metric => metric.Key[TrainedRegistration.LabelPrefix.Length..], metric => (int)metric.Value),
            StringComparer.Ordinal
        );

    /// <summary>What was said when a version was registered may be anything, also a circle.</summary>
    private async Task<IReadOnlyList<string>> FindAncestorsAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        List<string> ancestors = [];
        string? next = manifest.Lineage.BaseModel;
        while (ancestors.Count < MaxAncestors && Read(next) is { } parent)
        {
            next = (await registry.FindAsync(parent, cancellationToken))?.Lineage.BaseModel;
            if (next is null || ancestors.Contains(next))
            {
                break;
            }
            ancestors.Add(next);
        }
        return ancestors;
    }

    /// <summary>Null of a text that names no version of the registry.</summary>
    private static ModelVersion? Read(string? text)
    {
        if (text?.Split('/') is not [var name, var number] || !int.TryParse(number, out int version))
        {
            return null;
        }
        try
        {
            return new ModelVersion(name, version);
        }
        catch (ModelVersionException)
        {
            return null;
        }
    }
}
