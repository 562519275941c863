using Serverless.Ingest.Ledgers;

namespace Serverless.Functions.Azure.Assets;

/// <summary>One of the paths at which the same content lies; each is an asset of its own.</summary>
internal sealed record AssetLocation(string Asset, string Store, string Key)
{
    /// <summary>Without those that the ledger knows as gone, which the index has yet to learn.</summary>
    public static IReadOnlyList<AssetLocation> Of(IEnumerable<string> assets, LedgerViews views) =>
        [
            .. assets
                .Select(views.Find)
                .OfType<LedgerRow>()
                .Where(row => row.State != AssetState.Gone)
                .Select(row => new AssetLocation(row.Asset, row.Store, row.Key)),
        ];
}
