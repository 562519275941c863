using System.Runtime.InteropServices;
using Serverless.Local.Stack;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>The peers on the bench's vectors, each at the least effort that finds what is aimed at. One that is missing is named.</summary>
internal sealed class PeerTurns : IDisposable
{
    /// <summary>Debian's hnswlib takes an hour and more to build a million on two threads.</summary>
    private const int MostRows = 100_000;

    private readonly VectorPeers? _peers;
    private readonly BenchReport _report;
    private readonly string _name;
    private readonly int _rows;
    private readonly HashSet<string> _present = [];

    private PeerTurns(VectorPeers? peers, BenchReport report, string name, int rows) =>
        (_peers, _report, _name, _rows) = (peers, report, name, rows);

    public static PeerTurns Start(BenchVectors vectors, BenchReport report, string name)
    {
        if (vectors.Count > MostRows)
        {
            AnsiConsole.WriteLine($"  hnswlib and faiss are not compared beyond {MostRows:#,##0} vectors: building takes them an hour.");
            return new PeerTurns(null, report, name, vectors.Count);
        }
        if (!VectorPeers.CanStart)
        {
            return new PeerTurns(null, report, name, vectors.Count);
        }
        string folder = Path.Combine(Checkout.Root, "artifacts", "vectors");
        string rows = Write(Path.Combine(folder, "rows.f32"), vectors.Rows),
            queries = Write(Path.Combine(folder, "queries.f32"), vectors.Queries);
        return new PeerTurns(VectorPeers.Start(rows, queries, vectors.Dimensions), report, name, vectors.Count);
    }

    /// <summary>Bytes a vector, and the effort. With two threads, as many as there are at most later.</summary>
    public (double Bytes, int Effort) BuildHnswlib(int links, int considered, int[] efforts, int limit, int[][] exact, double recall)
    {
        if (!IsPresent("hnswlib"))
        {
            return default;
        }
        (double seconds, double bytes) = _peers!.Build("hnswlib", 2, links, considered);
        _report.Add(new Measurement($"Build of hnswlib with 2 threads, {_name}", seconds, "s", "lower"));
        return (bytes / _rows, EffortFor("hnswlib", efforts, limit, exact, recall));
    }

    public int BuildFaiss(int[] efforts, int limit, int[][] exact, double recall)
    {
        if (!IsPresent("faiss"))
        {
            return 0;
        }
        int lists = (int)(4 * Math.Sqrt(_rows)); // as faiss advises
        (double seconds, _) = _peers!.Build("faiss", 2, lists, 0);
        _report.Add(new Measurement($"Build of faiss with 2 threads, {_name}", seconds, "s", "lower"));
        return EffortFor("faiss", [.. efforts.Where(effort => effort <= lists)], limit, exact, recall);
    }

    /// <summary>Null where the peer is not installed.</summary>
    public SearchTurn? Run(string peer, int limit, int effort, int threads, double seconds) =>
        _present.Contains(peer) ? _peers!.Run(peer, limit, effort, threads, seconds) : null;

    public void Dispose() => _peers?.Dispose();

    private int EffortFor(string peer, int[] efforts, int limit, int[][] exact, double recall)
    {
        foreach (int effort in efforts)
        {
            if (ExactNeighbours.Recall(exact, _peers!.Run(peer, limit, effort, 2, 0).Found) >= recall)
            {
                return effort;
            }
        }
        return efforts[^1];
    }

    private bool IsPresent(string peer)
    {
        if (_rows > MostRows)
        {
            return false;
        }
        if (_peers?.Has(peer) == true)
        {
            _present.Add(peer);
            return true;
        }
        AnsiConsole.WriteLine($"  {peer} is not installed (Debian: python3-{peer}), so nothing is compared with it.");
        return false;
    }

    private static string Write(string path, float[] vectors)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        foreach (float[] some in vectors.Chunk(1 << 24))
        {
            file.Write(MemoryMarshal.AsBytes(some.AsSpan()));
        }
        return path;
    }
}
