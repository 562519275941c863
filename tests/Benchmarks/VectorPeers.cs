using System.Diagnostics;
using System.Text.Json;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>A Python process with the peers in it, which answers one command at a time.</summary>
internal sealed class VectorPeers : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Debian's, whose packages the peers are.</summary>
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    private VectorPeers(Process process) => _process = process;

    public static bool CanStart => File.Exists(Python);

    public static VectorPeers Start(string rows, string queries, int dimensions)
    {
        string script = Path.Combine(Checkout.Root, "tests", "Benchmarks", "vector-peers.py");
        ProcessStartInfo start = new(Python, [script, rows, queries, $"{dimensions}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new VectorPeers(Process.Start(start)!);
    }

    public bool Has(string peer) => Ask(new { Do = "has", Peer = peer }).GetProperty("present").GetBoolean();

    /// <summary>Seconds it took, and bytes by which the process grew.</summary>
    public (double Seconds, double Bytes) Build(string peer, int threads, int first, int second)
    {
        JsonElement built = Ask(
            new
            {
                Do = "build",
                Peer = peer,
                Threads = threads,
                First = first,
                Second = second,
            }
        );
        return (built.GetProperty("seconds").GetDouble(), built.GetProperty("bytes").GetDouble());
    }

    /// <summary>Queries a second, the 99th percentile of single ones in milliseconds, and what was found.</summary>
    public SearchTurn Run(string peer, int limit, int effort, int threads, double seconds)
    {
        JsonElement run = Ask(
            new
            {
                Do = "run",
                Peer = peer,
                Limit = limit,
                Effort = effort,
                Threads = threads,
                Seconds = seconds,
            }
        );
        return new SearchTurn(
            run.GetProperty("rate").GetDouble(),
            run.GetProperty("p99").GetDouble(),
            run.GetProperty("ids").Deserialize<int[][]>()!
        );
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonElement Ask(object command)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(command, Json));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The process of the vector peers has ended; its error is above.");
        return JsonDocument.Parse(line).RootElement;
    }
}

/// <summary>What one turn of searches gave.</summary>
/// <param name="Rate">Queries a second, all threads together.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Found">Rows for each query, the best first.</param>
internal sealed record SearchTurn(double Rate, double P99, int[][] Found);
