namespace Serverless.Vectors;

/// <summary>Of an asset, without its vectors.</summary>
/// <param name="IsGone">It has no vectors: the asset is gone, or this version of it has none in the space.</param>
public sealed record VectorVersion(string Asset, string Version, DateTimeOffset Modified, bool IsGone)
{
    public static VectorVersion Of(AssetVectors batch) => Of(batch.Owner);

    internal static VectorVersion Of(AssetVersion owner) => new(owner.Asset, owner.Version, owner.Modified, owner.IsTombstone);
}
