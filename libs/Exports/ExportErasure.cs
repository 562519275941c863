using Serverless.Exports.Files;
using Serverless.Storage;

namespace Serverless.Exports;

/// <summary>Which exports have rows of an asset, and their removal once it is erased. Thread-safe.</summary>
public sealed class ExportErasure(ExportStore exports, TimeProvider time)
{
    /// <summary>More exports than that are not kept; whoever erases is told.</summary>
    public const int MaxExports = 10_000;

    /// <summary>Also those whose rows were removed.</summary>
    /// <exception cref="InvalidOperationException">There are too many exports, or a card that cannot be read.</exception>
    public async Task<IReadOnlyList<ExportCard>> FindAsync(string asset, CancellationToken cancellationToken)
    {
        Listed<ExportCard> all = await exports.ListAsync(name: null, MaxExports + 1, cancellationToken);
        if (all.Items.Count > MaxExports || all.Faults.Count > 0)
        {
            string fault = all.Faults.Count > 0 ? all.Faults[0] : $"There are more than {MaxExports:N0} exports; remove some.";
            throw new InvalidOperationException($"It is not sure which exports have rows of asset '{asset}'. {fault}");
        }
        List<ExportCard> found = [];
        foreach (ExportCard card in all.Items)
        {
            if (await exports.HasAssetAsync(card, asset, cancellationToken))
            {
                found.Add(card);
            }
        }
        return found;
    }

    /// <summary>As name/version. May be repeated.</summary>
    public async Task<IReadOnlyList<string>> RemoveAsync(string asset, string by, CancellationToken cancellationToken)
    {
        List<string> removed = [];
        foreach (ExportCard card in await FindAsync(asset, cancellationToken))
        {
            await exports.RemoveAsync(
                new ExportRemoval(
                    card.Name,
                    card.Version,
                    asset,
                    by,
                    $"Asset {asset}, of which it had rows, was erased.",
                    time.GetUtcNow(),
                    card.Sha256,
                    card.Rows
                ),
                cancellationToken
            );
            removed.Add($"{card.Name}/{card.Version}");
        }
        return removed;
    }
}
