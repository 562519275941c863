using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Orchestrations.Exports;

/// <param name="Removed">When its rows were removed; null while they are there.</param>
public sealed record AssetExport(string Name, string Version, DateTimeOffset Created, DateTimeOffset? Removed);

/// <param name="Export">It learnt from, as name/version.</param>
public sealed record TrainedOnAsset(string Model, int Version, string Export, string? TrainingRun);

/// <summary>Where an asset went as training data: exports with rows of it, and versions that learnt from those.</summary>
public sealed record AssetUse(string Asset, IReadOnlyList<AssetExport> Exports, IReadOnlyList<TrainedOnAsset> Versions);

/// <summary>Follows an asset into exports and versions, also once it is erased. Thread-safe.</summary>
public sealed class AssetLineage(ExportErasure erasure, ExportStore exports, ModelRegistry registry)
{
    public async Task<AssetUse> FindAsync(string asset, CancellationToken cancellationToken)
    {
        IReadOnlyList<ExportCard> cards = await erasure.FindAsync(asset, cancellationToken);
        List<AssetExport> found = [];
        foreach (ExportCard card in cards)
        {
            ExportRemoval? removal = await exports.FindRemovalAsync(card.Name, card.Version, cancellationToken);
            found.Add(new AssetExport(card.Name, card.Version, card.Created, removal?.At));
        }
        return new AssetUse(asset, found, cards.Count == 0 ? [] : await FindVersionsAsync(cards, cancellationToken));
    }

    private async Task<IReadOnlyList<TrainedOnAsset>> FindVersionsAsync(
        IReadOnlyList<ExportCard> cards,
        CancellationToken cancellationToken
    )
    {
        ILookup<string, ExportCard> byDigest = cards.ToLookup(card => $"sha256:{card.Sha256}");
        List<TrainedOnAsset> versions = [];
        foreach (string model in await registry.ListNamesAsync(cancellationToken))
        {
            Listed<ModelManifest> manifests = await registry.ListAsync(model, cancellationToken);
            versions.AddRange(
                from manifest in manifests.Items
                where manifest.Lineage?.DataDigest is not null
                from card in byDigest[manifest.Lineage!.DataDigest!]
                select new TrainedOnAsset(model, manifest.Version, $"{card.Name}/{card.Version}", manifest.Lineage.TrainingRun)
            );
        }
        return versions;
    }
}
