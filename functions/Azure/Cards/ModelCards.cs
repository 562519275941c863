using Serverless.Cards;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Signatures;
using Serverless.Serving.Costs;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.Cards;

/// <summary>Puts the card of a version together from what the registry and its reports hold. Thread-safe.</summary>
public sealed class ModelCards(
    ModelRegistry registry,
    ModelEvidence evidence,
    FirstLoadReports loads,
    VersionSignatures signatures,
    ExportStore exports,
    ObjectiveBook objectives,
    ModelCosts costs,
    TimeProvider time
)
{
    private const int MaxWordsBytes = 256 << 10;
    private const int MaxExports = 500;

    /// <summary>Where publishers tell about a model; README.md is the one of Hugging Face.</summary>
    private static readonly string[] WordsFiles = ["README.md", "MODEL_CARD.md", "model_card.md", "modelcard.md"];

    internal async Task<Card> ReadAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ModelVersion id = manifest.Id;
        return Card.Of(
            $"Model card: {manifest.Name}, version {manifest.Version}",
            $"model {id}",
            now,
            [
                ManifestSections.Identity(manifest),
                ManifestSections.Purpose(manifest, await ReadWordsAsync(manifest, cancellationToken)),
                ManifestSections.Inputs(manifest),
                ManifestSections.Data(manifest, await FindExportAsync(manifest, cancellationToken)),
                await evidence.PerformanceAsync(manifest, cancellationToken),
                ManifestSections.Limits(manifest, await loads.FindAsync(id, cancellationToken)),
                await evidence.OversightAsync(id, cancellationToken),
                ServingSections.Serving(
                    await evidence.AliasesAsync(id, cancellationToken),
                    [.. (await objectives.ReadAsync(cancellationToken)).Where(standing => standing.Model == id.Name)]
                ),
                await evidence.MonitoringAsync(id, cancellationToken),
                RecordSections.Security(manifest, await signatures.StandingAsync(id, cancellationToken)),
                await evidence.RecordsAsync(id, cancellationToken),
                ServingSections.Cost(
                    costs.Read().FirstOrDefault(cost => cost.Model == id.Name && cost.Version == $"{id.Version}"),
                    costs.Prices.Currency
                ),
            ]
        );
    }

    private async Task<PublisherWords?> ReadWordsAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        if (WordsFiles.FirstOrDefault(name => manifest.Files.Any(file => file.Path == name)) is not { } name)
        {
            return null;
        }
        long bytes = manifest.Files.First(file => file.Path == name).Bytes;
        return bytes <= MaxWordsBytes
            ? new PublisherWords(name, (await registry.ReadFileAsync(manifest, name, MaxWordsBytes, cancellationToken)).ToString())
            : new PublisherWords(name, $"The file has {bytes} bytes; up to {MaxWordsBytes} are shown here.");
    }

    /// <summary>The export that the version learnt from, where it was made here.</summary>
    private async Task<ExportCard?> FindExportAsync(ModelManifest manifest, CancellationToken cancellationToken) =>
        manifest.Lineage.DataDigest is { } digest
            ? (await exports.ListAsync(null, MaxExports, cancellationToken)).Items.FirstOrDefault(card => $"sha256:{card.Sha256}" == digest)
            : null;
}
