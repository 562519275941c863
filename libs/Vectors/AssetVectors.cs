namespace Serverless.Vectors;

/// <summary>
/// One embedded place of an asset: a passage, a picture, a keyframe. <paramref name="Place"/> is for callers (an offset, a time).
/// </summary>
public sealed record VectorEntry(string Kind, string Place, string Text, ReadOnlyMemory<float> Vector);

/// <summary>All that one version of an asset has in one space. With no entries it is a tombstone: the asset is gone.</summary>
public sealed record AssetVectors(string Asset, string Version, DateTimeOffset Modified, IReadOnlyList<VectorEntry> Entries)
{
    public static AssetVectors Tombstone(string asset, string version, DateTimeOffset deleted) => new(asset, version, deleted, []);

    internal AssetVersion Owner => new(Asset, Version, Modified, Entries.Count == 0);
}

/// <summary>
/// A total order of an asset's versions, so that the outcome does not depend on the order of arrival: the later time wins, then the greater
/// version, then the tombstone. What equals the known one is a repeat and supersedes nothing.
/// </summary>
internal sealed record AssetVersion(string Asset, string Version, DateTimeOffset Modified, bool IsTombstone)
{
    public bool Supersedes(AssetVersion known)
    {
        if (Modified.UtcTicks != known.Modified.UtcTicks)
        {
            return Modified.UtcTicks > known.Modified.UtcTicks;
        }
        int version = string.CompareOrdinal(Version, known.Version);
        return version != 0 ? version > 0 : IsTombstone && !known.IsTombstone;
    }
}
