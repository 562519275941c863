using Serverless.Orchestrations.Exports;
using Serverless.Validation.Golden;

namespace Serverless.Functions.Azure.Validation;

/// <summary>Keeps a golden set, and lets environments judge by it. Thread-safe.</summary>
public sealed class GoldenStoring(GoldenSets golden, ErasedItems erased)
{
    /// <param name="tag">That the pointer of the single environment must have; null for any or none.</param>
    /// <exception cref="GoldenException">It cannot be kept so, or was drawn from assets that were erased.</exception>
    internal async Task<GoldenAnswer> StoreAsync(
        GoldenScope scope,
        GoldenLines lines,
        IReadOnlyList<string> environments,
        string by,
        string? tag,
        CancellationToken cancellationToken
    )
    {
        GoldenSet set = await golden.StoreAsync(scope, lines, cancellationToken);
        await RefuseErasedAsync(lines.Items, by, cancellationToken);
        List<GoldenPointer> pointers = [];
        foreach (string environment in environments)
        {
            pointers.Add(await golden.PointAsync(environment, scope, set, by, tag, cancellationToken));
        }
        return new GoldenAnswer(set, pointers);
    }

    private async Task RefuseErasedAsync(IReadOnlyList<GoldenItem> items, string by, CancellationToken cancellationToken)
    {
        IReadOnlyList<GoldenItem> refused = await erased.RemoveAsync(items, by, cancellationToken);
        if (refused is [var first, ..])
        {
            throw new GoldenException(
                GoldenFault.Invalid,
                $"{refused.Count} of {items.Count} items are drawn from assets that were erased, '{first.Id}' from {first.Asset}; "
                    + $"leave them out."
            );
        }
    }
}
