using System.Diagnostics;
using Serverless.Vectors;

namespace Serverless.Benchmarks;

/// <summary>From files in the local cache to the first answer; and what making those files costs, once the segments are read.</summary>
internal sealed class VectorStart(BenchVectors vectors, BenchReport report, string name)
{
    private const int RowsAFile = 40_000; // about what a merged segment holds
    private const double AimSeconds = 5;
    private const string Space = "bench";

    public void Measure()
    {
        string folder = Directory.CreateTempSubdirectory("bench-vectors-").FullName;
        try
        {
            long started = Stopwatch.GetTimestamp();
            string[] files =
            [
                .. Enumerable.Range(0, vectors.Count / VectorRun.RowsAnAsset).Chunk(RowsAFile / VectorRun.RowsAnAsset).Select(Write),
            ];
            report.Add(new Measurement($"Files for the cache, {name}", Stopwatch.GetElapsedTime(started).TotalSeconds, "s", "lower"));

            started = Stopwatch.GetTimestamp();
            using VectorIndex index = new(vectors.Dimensions);
            foreach (string file in files)
            {
                if (index.Attach(file, Space, Path.GetFileName(file)) is { } fault)
                {
                    throw new InvalidOperationException($"{file}: {fault}");
                }
            }
            index.Search(vectors.Query(0), 10);
            report.Add(
                new Measurement(
                    $"Start until the first answer, {name}",
                    Stopwatch.GetElapsedTime(started).TotalSeconds,
                    "s",
                    "lower",
                    AimSeconds
                )
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string Write(int[] assets)
        {
            string path = Path.Combine(folder, $"{assets[0]}");
            SealedFile.Write(
                path,
                Space,
                Path.GetFileName(path),
                vectors.Dimensions,
                [.. assets.Select(a => VectorRun.AssetOf(vectors, a))]
            );
            return path;
        }
    }
}
