using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Embeddings;

namespace Serverless.Benchmarks;

/// <summary>
/// The permutation test of the mean discrepancy of two windows of vectors, beside loops that write down its definition and beside
/// scikit-learn, by turns; scikit-learn and ours have one thread, and all must find the same value.
/// </summary>
internal static class DiscrepancyBenchmark
{
    private const int Dimensions = 384;
    private const int Permutations = 200;
    private const double Tolerance = 1e-4;
    private const string Python = "/usr/bin/python3"; // Debian's, whose package the peer is

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        int each = quick ? 200 : 1_000,
            turns = quick ? 1 : 3;
        Random random = new(1);
        float[] rows = [.. Enumerable.Range(0, 2 * each * Dimensions).Select(_ => random.NextSingle() - 0.5f)];
        string file = Path.Combine(Path.GetTempPath(), $"discrepancy-{Environment.ProcessId}.f32");
        await File.WriteAllBytesAsync(file, MemoryMarshal.AsBytes(rows.AsSpan()).ToArray(), cancellationToken);
        double sigma = Bandwidth.MedianDistance(Window(rows, 0, each), Window(rows, each, each), ~1);
        List<double> ours = [],
            plain = [],
            peer = [];
        for (int turn = 0; turn < turns; turn++)
        {
            long begun = Stopwatch.GetTimestamp();
            ShiftResult found = KernelTest.MeanDiscrepancy(Window(rows, 0, each), Window(rows, each, each), Permutations, seed: 1, sigma);
            ours.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            begun = Stopwatch.GetTimestamp();
            double defined = Plain(rows, each, sigma);
            plain.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            Compare("the definition", found.Statistic, defined);
            if (await PeerAsync(file, each, sigma, cancellationToken) is var (value, seconds))
            {
                peer.Add(seconds);
                Compare("scikit-learn", found.Statistic, value);
            }
        }
        File.Delete(file);
        Add(report, $"MMD of 2 × {each:N0} vectors, {Permutations} permutations", ours, "its definition in loops", plain);
        if (peer.Count > 0)
        {
            Add(report, "The same", ours, "scikit-learn", peer);
        }
    }

    private static EmbeddingRows Window(float[] rows, int first, int count) =>
        new(rows.AsSpan(first * Dimensions, count * Dimensions), Dimensions);

    private static void Add(BenchReport report, string name, List<double> ours, string peer, List<double> theirs) =>
        report.Add(new Measurement(name, ours.Min(), "s", "lower", Peer: peer, PeerValue: theirs.Min(), Ratio: ours.Min() / theirs.Min()));

    private static void Compare(string peer, double ours, double theirs)
    {
        if (Math.Abs(ours - theirs) > Tolerance)
        {
            throw new StackException($"The discrepancy is {ours}; {peer} finds {theirs}.");
        }
    }

    /// <summary>The kernel of all pairs, and its means over each permutation's parts.</summary>
    private static double Plain(float[] rows, int each, double sigma)
    {
        int all = 2 * each;
        double[,] kernel = new double[all, all];
        for (int i = 0; i < all; i++)
        {
            for (int j = 0; j < all; j++)
            {
                double square = 0;
                for (int k = 0; k < Dimensions; k++)
                {
                    double apart = rows[(i * Dimensions) + k] - rows[(j * Dimensions) + k];
                    square += apart * apart;
                }
                kernel[i, j] = Math.Exp(-square / (2 * sigma * sigma));
            }
        }
        int[] order = [.. Enumerable.Range(0, all)];
        double value = Mean(kernel, order, each);
        Random random = new(1);
        for (int b = 0; b < Permutations; b++)
        {
            random.Shuffle(order);
            Mean(kernel, order, each);
        }
        return value;
    }

    private static double Mean(double[,] kernel, int[] order, int each)
    {
        double within = 0,
            between = 0;
        for (int i = 0; i < order.Length; i++)
        {
            for (int j = 0; j < order.Length; j++)
            {
                if (i == j)
                {
                    continue;
                }
                if (i < each == j < each)
                {
                    within += kernel[order[i], order[j]];
                }
                else
                {
                    between += kernel[order[i], order[j]];
                }
            }
        }
        return (within / (each * (each - 1.0))) - (between / ((double)each * each));
    }

    /// <summary>Null where scikit-learn is not installed.</summary>
    private static async Task<(double Value, double Seconds)?> PeerAsync(
        string file,
        int each,
        double sigma,
        CancellationToken cancellationToken
    )
    {
        if (!File.Exists(Python))
        {
            return null;
        }
        string script = Path.Combine(Checkout.Root, "tests", "Benchmarks", "discrepancy-peer.py");
        string[] arguments =
        [
            script,
            file,
            $"{Dimensions}",
            $"{each}",
            $"{Permutations}",
            sigma.ToString("R", CultureInfo.InvariantCulture),
        ];
        ProcessStartInfo start = new(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            return null;
        }
        using JsonDocument answer = JsonDocument.Parse(output);
        return (answer.RootElement.GetProperty("value").GetDouble(), answer.RootElement.GetProperty("seconds").GetDouble());
    }
}
