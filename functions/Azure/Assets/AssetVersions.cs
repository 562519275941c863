using Serverless.Ingest.Ledgers;

namespace Serverless.Functions.Azure.Assets;

/// <summary>All remembered versions of one asset, the newest first.</summary>
/// <param name="Removals">What was removed of it, the latest last; absent where nothing was.</param>
/// <param name="Locations">Where the same content lies, this asset among them; at most 100.</param>
internal sealed record AssetVersions(
    string Asset,
    string Store,
    string Container,
    string Key,
    IReadOnlyList<LedgerEntry> Versions,
    IReadOnlyList<AssetLocation> Locations,
    IReadOnlyList<RemovalNote>? Removals
)
{
    public static AssetVersions Of(LedgerDocument document, IReadOnlyList<AssetLocation> locations) =>
        new(document.Asset, document.Store, document.Container, document.Key, document.Versions, locations, document.Removals);
}
