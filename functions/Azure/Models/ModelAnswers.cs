using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Models;

/// <summary>A model in the list of all.</summary>
/// <param name="Task">Of the latest version; absent where none can be read.</param>
/// <param name="Latest">Of the versions that can be read.</param>
/// <param name="Versions">How many can be read.</param>
/// <param name="Serving">The version by environment, where one serves.</param>
/// <param name="Faults">Of versions and aliases that were changed by other means than the API; absent where there is none.</param>
internal sealed record ModelSummary(
    string Name,
    ModelTask? Task,
    int? Latest,
    int Versions,
    IReadOnlyDictionary<string, int> Serving,
    IReadOnlyList<string>? Faults
)
{
    public static ModelSummary Of(string name, Listed<ModelManifest> versions, Listed<ModelAlias> serving)
    {
        ModelManifest? latest = versions.Items is [.., var last] ? last : null;
        string[] faults = [.. versions.Faults, .. serving.Faults];
        return new(
            name,
            latest?.Task,
            latest?.Version,
            versions.Items.Count,
            serving.Items.ToDictionary(alias => alias.Environment, alias => alias.Version),
            faults.OrAbsent()
        );
    }
}

/// <param name="Faults">Of versions and aliases that were changed by other means than the API; absent where there is none.</param>
internal sealed record ModelAnswer(
    string Name,
    IReadOnlyList<VersionSummary> Versions,
    IReadOnlyList<ModelAlias> Aliases,
    IReadOnlyList<string>? Faults
);

internal sealed record VersionSummary(
    int Version,
    string Digest,
    ModelTask Task,
    long TotalBytes,
    IReadOnlyDictionary<string, double> Metrics,
    string? Licence,
    string RegisteredBy,
    DateTimeOffset RegisteredAt
)
{
    public static VersionSummary Of(ModelManifest manifest) =>
        new(
            manifest.Version,
            manifest.Digest,
            manifest.Task,
            manifest.TotalBytes,
            manifest.Metrics,
            manifest.Licence,
            manifest.RegisteredBy,
            manifest.RegisteredAt
        );
}

/// <param name="Serves">The environments whose alias names it.</param>
internal sealed record VersionAnswer(
    ModelManifest Manifest,
    IReadOnlyList<string> Serves,
    IReadOnlyList<ReportEntry> Reports,
    MeasuredLatency? Latency
);
