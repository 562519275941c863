using System.ComponentModel.DataAnnotations;
using Serverless.Rollout;
using Serverless.Rollout.Experiments;

namespace Serverless.Functions.Azure.Experiments;

/// <summary>A body of <c>POST /api/experiments</c>.</summary>
/// <param name="Arms">The first is the control. Weights may be left out together: then they are equal.</param>
/// <param name="Delta">A difference that nobody minds, in the metric's unit: the verdict says once the arms differ by less.</param>
internal sealed record ExperimentRequest(
    string? Id,
    [Required] string? Model,
    [Required] string? Environment,
    [Required] IReadOnlyList<ArmRequest>? Arms,
    ExperimentMetric Metric = ExperimentMetric.Feedback,
    double Effect = 0.05,
    double Alpha = 0.05,
    bool Adaptive = false,
    double? Delta = null
)
{
    public ExperimentDesign ToDesign() => new(Model ?? "", Environment ?? "", [.. WeighedArms()], Metric, Effect, Alpha, Adaptive, Delta);

    private IEnumerable<ExperimentArm> WeighedArms()
    {
        IReadOnlyList<ArmRequest> arms = Arms ?? [];
        bool equal = arms.All(arm => arm.Weight is null);
        return arms.Select(arm => new ExperimentArm(arm.Name ?? "", arm.Version, equal ? 1.0 / arms.Count : arm.Weight ?? 0));
    }
}

internal sealed record ArmRequest([Required] string? Name, int Version, double? Weight);

/// <param name="Epochs">Since when the callers were divided how; at most 60 of them, evenly, the last among them. There when one experiment
/// is asked for.</param>
internal sealed record ExperimentAnswer(
    string Id,
    string Model,
    string Environment,
    string State,
    ExperimentMetric Metric,
    bool Adaptive,
    double Alpha,
    double Effect,
    double? Delta,
    string By,
    DateTimeOffset Started,
    DateTimeOffset? Stopped,
    IReadOnlyList<ExperimentArm> Arms,
    ExperimentVerdict? Verdict,
    IReadOnlyList<ExperimentEpoch>? Epochs
)
{
    private const int MaxEpochs = 60;

    /// <summary>As one of a list: small.</summary>
    public static ExperimentAnswer InBrief(ExperimentRecord experiment) =>
        Of(experiment with { Verdict = experiment.Verdict is null ? null : experiment.Verdict with { Slices = [] } }) with
        {
            Epochs = null,
        };

    public static ExperimentAnswer Of(ExperimentRecord experiment, ExperimentVerdict? verdict = null)
    {
        int step = (experiment.Epochs.Count / MaxEpochs) + 1;
        ExperimentDesign design = experiment.Design;
        return new ExperimentAnswer(
            experiment.Id,
            design.Model,
            design.Environment,
            experiment.Stopped is null ? "running" : "stopped",
            design.Metric,
            design.Adaptive,
            design.Alpha,
            design.Effect,
            design.Delta,
            experiment.By,
            experiment.Started,
            experiment.Stopped,
            experiment.Epochs.Count > 0 ? experiment.Epochs[^1].Arms : design.Arms,
            verdict ?? experiment.Verdict,
            [.. experiment.Epochs.Where((_, i) => (experiment.Epochs.Count - 1 - i) % step == 0)]
        );
    }
}
