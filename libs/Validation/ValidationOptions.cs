using System.ComponentModel.DataAnnotations;
using Serverless.Validation.Trials;
using Serverless.Validation.Watermarks;

namespace Serverless.Validation;

/// <summary>
/// By what a version is judged. What a model's own limits do not say is taken from the metric's, and what those do not say from the
/// defaults.
/// </summary>
public sealed class ValidationOptions : IValidatableObject
{
    public TrialOptions Trial { get; set; } = new();

    public GateOptions Gates { get; set; } = new();

    /// <summary>Limits by metric: accuracy, macroF1, spanF1, ndcg, cosine, map.</summary>
    public IDictionary<string, MetricLimits> Metrics { get; set; } = new Dictionary<string, MetricLimits>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Limits of single models: by name, then by metric.</summary>
    public IDictionary<string, Dictionary<string, MetricLimits>> Models { get; set; } =
        new Dictionary<string, Dictionary<string, MetricLimits>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>By the model's name; every version of it must still have these answers. A package may bring its own as well.</summary>
    public IDictionary<string, WatermarkOptions> Watermarks { get; set; } =
        new Dictionary<string, WatermarkOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of the answers of a watermark, those that must be there.</summary>
    internal double WatermarkShareOf(string model, string source) =>
        source == WatermarkSet.OfEnvironment
        && Watermarks.TryGetValue(model, out WatermarkOptions? watermark)
        && watermark.MinShare is { } share
            ? share
            : Gates.WatermarkShare;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Metrics
            .SelectMany(m => Problems("Metrics", m.Key, m.Value))
            .Concat(Models.SelectMany(model => model.Value.SelectMany(m => Problems($"Models:{model.Key}", m.Key, m.Value))))
            .Select(problem => new ValidationResult(problem));

    public MetricBounds BoundsOf(string model, string metric)
    {
        MetricLimits? own = Models.TryGetValue(model, out Dictionary<string, MetricLimits>? metrics) ? Find(metrics, metric) : null;
        MetricLimits? general = Find(Metrics, metric);
        MetricBounds defaults = MetricBounds.Defaults[metric];
        return new MetricBounds(
            own?.Threshold ?? general?.Threshold ?? defaults.Threshold,
            own?.Margin ?? general?.Margin ?? defaults.Margin,
            own?.SliceMargin ?? general?.SliceMargin ?? defaults.SliceMargin
        );
    }

    private static MetricLimits? Find(IDictionary<string, MetricLimits> metrics, string metric) =>
        metrics.FirstOrDefault(m => string.Equals(m.Key, metric, StringComparison.OrdinalIgnoreCase)).Value;

    private static IEnumerable<string> Problems(string key, string metric, MetricLimits limits)
    {
        if (!MetricBounds.Defaults.Keys.Contains(metric, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{key} has '{metric}'; allowed are {string.Join(", ", MetricBounds.Defaults.Keys)}.";
        }
        foreach (
            (string name, double? value) in (IEnumerable<(string, double?)>)
                [("Threshold", limits.Threshold), ("Margin", limits.Margin), ("SliceMargin", limits.SliceMargin)]
        )
        {
            if (value is not null && !(value >= 0 && value <= 1))
            {
                yield return $"{key}:{metric}:{name} is {value}; allowed are 0 to 1.";
            }
        }
    }
}
