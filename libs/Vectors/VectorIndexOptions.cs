using System.ComponentModel.DataAnnotations;

namespace Serverless.Vectors;

/// <summary>How much of an index is held in memory, and where the rest lies.</summary>
public sealed class VectorIndexOptions
{
    /// <summary>
    /// Default 1 GiB, at most a quarter of what the process may take, for each space: at 384 dimensions a vector takes about 450 bytes and
    /// an asset 53, so 2.2 million vectors are loaded; what comes on top is mapped from <see cref="CacheFolder"/> and is as fast as the
    /// system keeps its pages. Vectors just written take 2.3 KB each until 9,216 of them are moved to a file.
    /// </summary>
    [Range(64L << 20, 1L << 50)]
    public long MaxMemoryBytes { get; set; } = Math.Max(64L << 20, Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));

    /// <summary>
    /// For files that are mapped, 2 KB for a vector of 384 dimensions, on a local disk. Kept there from one start to the next, they spare
    /// reading all segments again; several processes may share it. Default null: a folder of this process, removed when it ends.
    /// </summary>
    public string? CacheFolder { get; set; }
}
