using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Orchestrations.Exports;

/// <param name="Removed">When its rows were removed; null while they are there.</param>
public sealed record AssetExport(string Name, string Version, DateTimeOffset Created, DateTimeOffset? Removed);

/// <param name="Export">It learnt from, as name/version.</param>
public sealed record TrainedOnAsset(string Model, int Version, string Export, string? TrainingRun);

/// <param name="AssetVersion">That was analysed.</param>
public sealed record AnalysedAsset(string Model, string Version, string Role, string AssetVersion, DateTimeOffset Analysed);

/// <summary>Which versions saw an asset, and where it went as training data.</summary>
/// <param name="AnalysedBy">As its analyses have it; none once they are gone.</param>
/// <param name="Exports">With rows of it.</param>
/// <param name="Versions">That learnt from those.</param>
public sealed record AssetUse(
    string Asset,
    IReadOnlyList<AnalysedAsset> AnalysedBy,
    IReadOnlyList<AssetExport> Exports,
    IReadOnlyList<TrainedOnAsset> Versions
);

/// <summary>Follows an asset into analyses, exports and versions; into the latter also once it is erased. Thread-safe.</summary>
public sealed class AssetLineage(
    ExportErasure erasure,
    ExportStore exports,
    ModelRegistry registry,
    AssetStores stores,
    Ledger ledger,
    AnalysisWriter analyses
)
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
        return new AssetUse(
            asset,
            await FindAnalysesAsync(asset, cancellationToken),
            found,
            cards.Count == 0 ? [] : await FindVersionsAsync(cards, cancellationToken)
        );
    }

    private async Task<IReadOnlyList<AnalysedAsset>> FindAnalysesAsync(string asset, CancellationToken cancellationToken)
    {
        List<AnalysedAsset> found = [];
        foreach (IObjectStore store in stores.All)
        {
            LedgerDocument? known = await ledger.ReadAsync(store.Name, asset, cancellationToken);
            foreach (LedgerEntry entry in known?.Versions ?? [])
            {
                AnalysisDocument? document = await analyses.ReadDocumentAsync(known!.SourceOf(entry), cancellationToken);
                found.AddRange(
                    (document?.Models ?? []).Select(use => new AnalysedAsset(
                        use.Name,
                        use.Version,
                        use.Role,
                        entry.Version,
                        document!.Analysed
                    ))
                );
            }
        }
        return found;
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
