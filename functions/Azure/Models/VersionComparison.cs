using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Models;

/// <summary>Two versions of a model side by side.</summary>
internal sealed record VersionComparison(
    VersionSummary A,
    VersionSummary B,
    IReadOnlyList<NumberPair> Metrics,
    SignatureComparison Signature,
    NumberPair Bytes,
    IReadOnlyList<NumberPair> Latency,
    FileComparison Files
)
{
    public static VersionComparison Of(ModelManifest a, ModelManifest b, MeasuredLatency? latencyOfA, MeasuredLatency? latencyOfB) =>
        new(
            VersionSummary.Of(a),
            VersionSummary.Of(b),
            [
                .. a
                    .Metrics.Keys.Union(b.Metrics.Keys)
                    .Order(StringComparer.Ordinal)
                    .Select(m => NumberPair.Of(m, Find(a.Metrics, m), Find(b.Metrics, m))),
            ],
            SignatureComparison.Of(a, b),
            NumberPair.Of("totalBytes", a.TotalBytes, b.TotalBytes),
            latencyOfA is null && latencyOfB is null
                ? []
                :
                [
                    NumberPair.Of("p50Milliseconds", latencyOfA?.P50Milliseconds, latencyOfB?.P50Milliseconds),
                    NumberPair.Of("p95Milliseconds", latencyOfA?.P95Milliseconds, latencyOfB?.P95Milliseconds),
                    NumberPair.Of("p99Milliseconds", latencyOfA?.P99Milliseconds, latencyOfB?.P99Milliseconds),
                ],
            FileComparison.Of(a.Files, b.Files)
        );

    private static double? Find(IReadOnlyDictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(name, out double value) ? value : null;
}

/// <param name="Difference">B less A, where both are known.</param>
internal sealed record NumberPair(string Name, double? A, double? B, double? Difference)
{
    public static NumberPair Of(string name, double? a, double? b) => new(name, a, b, b - a);
}

/// <param name="Differences">In words, one for each input, output, task or operator set that differs.</param>
internal sealed record SignatureComparison(bool Same, IReadOnlyList<string> Differences)
{
    public static SignatureComparison Of(ModelManifest a, ModelManifest b)
    {
        List<string> differences = [];
        if (a.Task != b.Task)
        {
            differences.Add($"task: {a.Task} and {b.Task}");
        }
        Compare("input", Tensors(a.Inputs), Tensors(b.Inputs), differences);
        Compare("output", Tensors(a.Outputs), Tensors(b.Outputs), differences);
        Compare(
            "operator set",
            a.Opsets.ToDictionary(o => o.Key, o => $"{o.Value}"),
            b.Opsets.ToDictionary(o => o.Key, o => $"{o.Value}"),
            differences
        );
        return new(differences.Count == 0, differences);
    }

    private static Dictionary<string, string> Tensors(IReadOnlyList<TensorSpec> tensors) =>
        tensors
            .DistinctBy(t => t.Name)
            .ToDictionary(t => t.Name, t => $"{t.Datatype}[{(t.Shape is null ? "?" : string.Join(',', t.Shape))}]");

    private static void Compare(string kind, Dictionary<string, string> a, Dictionary<string, string> b, List<string> differences)
    {
        foreach (string name in a.Keys.Union(b.Keys).Order(StringComparer.Ordinal))
        {
            if (a.GetValueOrDefault(name, "none") is var ofA && b.GetValueOrDefault(name, "none") is var ofB && ofA != ofB)
            {
                differences.Add($"{kind} {name}: {ofA} and {ofB}");
            }
        }
    }
}

internal sealed record FileComparison(IReadOnlyList<string> OnlyA, IReadOnlyList<string> OnlyB, IReadOnlyList<string> Changed)
{
    public static FileComparison Of(IReadOnlyList<ManifestFile> a, IReadOnlyList<ManifestFile> b)
    {
        Dictionary<string, string> ofA = a.ToDictionary(f => f.Path, f => f.Sha256),
            ofB = b.ToDictionary(f => f.Path, f => f.Sha256);
        return new(
            [.. ofA.Keys.Except(ofB.Keys)],
            [.. ofB.Keys.Except(ofA.Keys)],
            [.. ofA.Keys.Intersect(ofB.Keys).Where(path => ofA[path] != ofB[path])]
        );
    }
}
