using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Documents;

/// <summary>What one model version took for an asset, of the runs that it shared with others its part.</summary>
[Description("Seconds that a model took for this asset.")]
public sealed record ModelSpent(
    [MinLength(1)] string Name,
    [MinLength(1)] string Version,
    [property: Description("Of processors, inside ONNX Runtime.")] [Range(0, double.MaxValue)] double ProcessorSeconds,
    [property: Description("Of the GPU; 0 where there is none.")] [Range(0, double.MaxValue)] double GpuSeconds
)
{
    private const int Decimals = 6;

    /// <summary>One line for each model version.</summary>
    public static IReadOnlyList<ModelSpent> Sum(IEnumerable<ModelSpent> spent) =>
        [
            .. spent
                .GroupBy(one => (one.Name, one.Version))
                .Select(model => new ModelSpent(
                    model.Key.Name,
                    model.Key.Version,
                    Math.Round(model.Sum(one => one.ProcessorSeconds), Decimals),
                    Math.Round(model.Sum(one => one.GpuSeconds), Decimals)
                )),
        ];
}
