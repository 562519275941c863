namespace Serverless.Rollout.Experiments;

public enum ExperimentMetric
{
    /// <summary>Values reported by feedback, or 1 for the right label and 0 for a wrong one; more is better.</summary>
    Feedback,

    /// <summary>Milliseconds that the server spent; less is better.</summary>
    Latency,

    /// <summary>1 for a request that failed, else 0; less is better.</summary>
    Failures,

    /// <summary>Score of the best answer; more is better.</summary>
    Score,
}

/// <summary>
/// What is compared with what, and how strictly. Everything that a verdict depends on is decided before the first request.
/// </summary>
/// <param name="Arms">The first is the control, with which each other is compared.</param>
/// <param name="Effect">The size of effect that the test is tuned to, in the metric's unit; it finds others as well, only later.</param>
/// <param name="Alpha">The probability of ever calling equal arms different, over all comparisons and however often one looks.</param>
/// <param name="Delta">A difference that nobody minds, in the metric's unit: arms that differ by less for sure are said to. Null for none,
/// where equal arms never come to a verdict. Arms that differ by as much are called so with a probability of at most alpha.</param>
/// <param name="Adaptive">Whether better arms get more callers while it runs (Thompson sampling).</param>
public sealed record ExperimentDesign(
    string Model,
    string Environment,
    IReadOnlyList<ExperimentArm> Arms,
    ExperimentMetric Metric,
    double Effect,
    double Alpha,
    bool Adaptive,
    double? Delta = null
)
{
    public IEnumerable<string> Validate(string id)
    {
        foreach (string problem in new RunningExperiment(id, Arms).Validate())
        {
            yield return problem;
        }
        if (!(Effect > 0) || !double.IsFinite(Effect))
        {
            yield return $"effect is {Effect}; allowed is above 0.";
        }
        if (Delta is { } delta && (!(delta > 0) || !double.IsFinite(delta)))
        {
            yield return $"delta is {delta}; allowed is above 0.";
        }
        if (Metric == ExperimentMetric.Failures && Delta >= 1)
        {
            yield return $"delta is {Delta}; of failures, a share, allowed is above 0 and below 1.";
        }
        if (!(Alpha is > 0 and <= 0.2))
        {
            yield return $"alpha is {Alpha}; allowed is above 0, up to 0.2.";
        }
        if (!Enum.IsDefined(Metric))
        {
            yield return $"metric is {Metric}; allowed are {string.Join(", ", Enum.GetNames<ExperimentMetric>()).ToLowerInvariant()}.";
        }
    }
}

/// <summary>A time with the same weights, known by the revision of the rollout record, which captures carry.</summary>
public sealed record ExperimentEpoch(long Revision, DateTimeOffset From, IReadOnlyList<ExperimentArm> Arms);

/// <summary>An experiment from its start to its verdict; the object <c>experiments/{id}.json</c>.</summary>
/// <param name="Verdict">The last, once it is stopped.</param>
public sealed record ExperimentRecord(
    string Id,
    ExperimentDesign Design,
    string By,
    DateTimeOffset Started,
    DateTimeOffset? Stopped,
    IReadOnlyList<ExperimentEpoch> Epochs,
    ExperimentVerdict? Verdict
)
{
    /// <summary>Who holds the rollout record.</summary>
    public string Owner => OwnerOf(Id);

    public static string OwnerOf(string id) => $"experiment-{id}";

    /// <summary>Who else holds the traffic; null where this experiment does or may take it.</summary>
    public string? HolderOf(RolloutRecord? record) =>
        record is null || record.IsIdle || record.Owner == Owner ? null : record.Owner ?? "a rollout";

    /// <summary>The record with the traffic in this experiment's hands; the same one where another holds it.</summary>
    public RolloutRecord? Take(RolloutRecord? record, int stable) =>
        HolderOf(record) is not null
            ? record
            : (record ?? RolloutRecord.Idle(Design.Environment, Design.Model, stable)) with
            {
                Stable = stable,
                Owner = Owner,
                Salt = Id,
                Experiment = new RunningExperiment(Id, Design.Arms),
            };

    /// <summary>
    /// Adds the weights of the record that stands, or that the experiment has ended where somebody took the traffic from it.
    /// </summary>
    public ExperimentRecord Note(RolloutRecord? record, DateTimeOffset now)
    {
        if (Stopped is not null)
        {
            return this;
        }
        if (record?.Owner != Owner || record.Experiment is null)
        {
            return Epochs.Count == 0 ? this : this with { Stopped = record?.Changed ?? now };
        }
        return Epochs.Any(epoch => epoch.Revision == record.Revision)
            ? this
            : this with
            {
                Epochs = [.. Epochs, new ExperimentEpoch(record.Revision, record.Changed, record.Experiment.Arms)],
            };
    }
}
