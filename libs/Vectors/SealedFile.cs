using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>
/// A file of vectors as they are searched: codes of 8 bits, sign bits, tables, and the vectors, each part with its checksum. Made from
/// batches whenever it is missing or damaged, so nothing is lost with it. See <see cref="VectorIndex.Attach"/>.
/// </summary>
public static class SealedFile
{
    /// <summary>Writes all batches; the file appears whole or not at all. Takes about twice the vectors' size in memory.</summary>
    /// <param name="source">What the batches were read from, with its version: a file of another source is refused.</param>
    public static void Write(string path, string space, string source, int dimensions, IReadOnlyCollection<AssetVectors> batches)
    {
        foreach (AssetVectors batch in batches)
        {
            BatchCheck.Run(batch, dimensions);
        }
        OpenRows rows = new(dimensions, Math.Max(1, batches.Sum(batch => batch.Entries.Count)));
        RowsOfAsset[] assets =
        [
            .. batches.Select(batch => new RowsOfAsset(rows, rows.Memory, rows.Append(batch.Owner, batch.Entries, ordinal: 0))),
        ];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        new SealedWriter(space, source, dimensions, assets).Write(path);
    }
}
