using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// Vectors that this process has just written beside an analysis, so that indexing them reads nothing back; 32 MiB at most. Only where
/// there is an index. Thread-safe.
/// </summary>
public sealed class RecentVectors
{
    private const long MaxBytes = 32 << 20;
    private const int BytesBesides = 200; // of an entry and its texts, about

    private readonly RecentWrites<AssetVectors> _written = new(MaxBytes, vectors =>
        vectors.Entries.Sum(entry => BytesBesides + entry.Text.Length * sizeof(char) + entry.Vector.Length * sizeof(float))
    );

    internal void Put(string store, string path, AssetVectors vectors) => _written.Put($"{store}:{path}", vectors);

    internal AssetVectors? Take(string store, string path) => _written.Take($"{store}:{path}");
}
