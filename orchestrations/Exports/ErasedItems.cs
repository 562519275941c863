using Serverless.Exports;
using Serverless.Validation.Golden;

namespace Serverless.Orchestrations.Exports;

/// <summary>
/// Looks, once items of a golden set or draft are stored, whether the assets that they were drawn from were erased meanwhile: so of an
/// erasure and a store at once at least one sees the other. Thread-safe.
/// </summary>
public sealed class ErasedItems(GoldenErasure erasure, ErasedAssets erased)
{
    /// <summary>Takes what was drawn from erased assets out of all sets and drafts; answers which of the items that are.</summary>
    public async Task<IReadOnlyList<GoldenItem>> RemoveAsync(
        IReadOnlyList<GoldenItem> items,
        string by,
        CancellationToken cancellationToken
    )
    {
        GoldenItem[] drawn = [.. items.Where(item => item.Asset is not null)];
        if (drawn.Length == 0)
        {
            return [];
        }
        IReadOnlySet<string> gone = await erased(cancellationToken);
        GoldenItem[] refused = [.. drawn.Where(item => gone.Contains(item.Asset!))];
        foreach (string asset in refused.Select(item => item.Asset!).Distinct())
        {
            await erasure.RemoveAsync(asset, by, cancellationToken);
        }
        return refused;
    }
}
