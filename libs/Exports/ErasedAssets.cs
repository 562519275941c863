namespace Serverless.Exports;

/// <summary>Ids of all assets that were erased, as far as that is known at this moment.</summary>
public delegate Task<IReadOnlySet<string>> ErasedAssets(CancellationToken cancellationToken);

/// <summary>An asset was erased while an export with it was being written; the same export again does without it.</summary>
public sealed class AssetErasedException(string export)
    : Exception($"An asset was erased while export {export} was written, which had rows of it. The export was removed; ask for it again.");
