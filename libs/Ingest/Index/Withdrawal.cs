using Serverless.Ingest.Ledgers;

namespace Serverless.Ingest.Index;

/// <summary>
/// What an earlier version of an asset was found by goes from the index once the newest one came to no analysis: its content is no longer
/// at that path. What the newest is found by after a redrive is added as ever.
/// </summary>
public static class Withdrawal
{
    /// <summary>Changes nothing where the newest version is not in quarantine, or nothing is found of the asset.</summary>
    public static Task WithdrawAsync(this IAssetIndex index, LedgerDocument? asset, CancellationToken cancellationToken) =>
        asset is { Newest: { State: AssetState.Quarantined } newest }
            ? index.WithdrawAsync(asset.Asset, newest, cancellationToken)
            : Task.CompletedTask;

    /// <param name="newest">In quarantine.</param>
    public static Task WithdrawAsync(this IAssetIndex index, string asset, LedgerEntry newest, CancellationToken cancellationToken) =>
        index.Holds(asset) ? index.RemoveAsync(asset, version: "", cancellationToken, AsOf(newest)) : Task.CompletedTask;

    /// <summary>Later than every earlier version, and just before what the version itself may yet be found by.</summary>
    internal static DateTimeOffset AsOf(LedgerEntry newest) => newest.Registered.AddTicks(-1);
}
