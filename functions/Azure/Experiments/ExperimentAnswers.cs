using Serverless.Rollout;
using Serverless.Rollout.Experiments;

namespace Serverless.Functions.Azure.Experiments;

/// <summary>A body of <c>POST /api/experiments</c>.</summary>
/// <param name="Arms">The first is the control. Weights may be left out together: then they are equal.</param>
internal sealed record ExperimentRequest(
    string? Id, string? Model, string? Environment, IReadOnlyList<ArmRequest>? Arms, ExperimentMetric Metric = ExperimentMetric.Feedback,
    double Effect = 0.05, double Alpha = 0.05, bool Adaptive = false)
{
    public ExperimentDesign ToDesign() => new(Model ?? "", Environment ?? "", [.. WeighedArms()], Metric, Effect, Alpha, Adaptive);

    private IEnumerable<ExperimentArm> WeighedArms()
    {
        IReadOnlyList<ArmRequest> arms = Arms ?? [];
        bool equal = arms.All(arm => arm.Weight is null);
        return arms.Select(arm => new ExperimentArm(arm.Name ?? "", arm.Version, equal ? 1.0 / arms.Count : arm.Weight ?? 0));
    }
}

internal sealed record ArmRequest(string? Name, int Version, double? Weight);

internal sealed record ExperimentAnswer(
    string Id, string Model, string Environment, string State, ExperimentMetric Metric, bool Adaptive, double Alpha, double Effect, string By,
    DateTimeOffset Started, DateTimeOffset? Stopped, IReadOnlyList<ExperimentArm> Arms, ExperimentVerdict? Verdict)
{
    public static ExperimentAnswer Of(ExperimentRecord experiment, ExperimentVerdict? verdict = null)
    {
        ExperimentDesign design = experiment.Design;
        return new ExperimentAnswer(
            experiment.Id, design.Model, design.Environment, experiment.Stopped is null ? "running" : "stopped", design.Metric, design.Adaptive, design.Alpha,
            design.Effect, experiment.By, experiment.Started, experiment.Stopped,
            experiment.Epochs.Count > 0 ? experiment.Epochs[^1].Arms : design.Arms, verdict ?? experiment.Verdict);
    }
}
