using System.Text.Json.Serialization;

namespace Serverless.Rollout;

/// <summary>
/// How the traffic of one model in one environment is divided right now. Immutable, swapped whole; a predictor that sees one of two
/// revisions sees a complete one.
/// </summary>
public sealed record RolloutRecord
{
    public required string Environment { get; init; }

    public required string Model { get; init; }

    /// <summary>
    /// The version that the alias named when this record was written, against which everything else is measured. Once the alias names
    /// another one, canary, shadow and experiment stand still: what they were measured against no longer serves.
    /// </summary>
    public required int Stable { get; init; }

    public CanaryArm? Canary { get; init; }

    public ShadowTap? Shadow { get; init; }

    public RunningExperiment? Experiment { get; init; }

    /// <summary>Whoever keeps the salt keeps the assignment; a new salt deals the callers anew.</summary>
    public required string Salt { get; init; }

    /// <summary>Counted by the store, one a swap.</summary>
    public long Revision { get; init; }

    /// <summary>The promotion or experiment that the division belongs to; nobody else may change it meanwhile.</summary>
    public string? Owner { get; init; }

    /// <summary>Who held it last: whatever a step of theirs, delayed by a crash, still wants to write is refused.</summary>
    public string? LastOwner { get; init; }

    public DateTimeOffset Changed { get; init; }

    /// <summary>All traffic goes to the stable version and nobody holds the record.</summary>
    [JsonIgnore]
    public bool IsIdle => Canary is null && Shadow is null && Experiment is null && Owner is null;

    /// <summary>A record that sends everything to the stable version.</summary>
    public static RolloutRecord Idle(string environment, string model, int stable) =>
        new()
        {
            Environment = environment,
            Model = model,
            Stable = stable,
            Salt = model,
        };

    /// <summary>The same model with nothing beside the stable version, held by nobody.</summary>
    public RolloutRecord Cleared() =>
        this with
        {
            Canary = null,
            Shadow = null,
            Experiment = null,
            Owner = null,
            LastOwner = Owner ?? LastOwner,
        };

    /// <summary>Everything that is wrong, each problem naming what was found and what is allowed.</summary>
    public IEnumerable<string> Validate()
    {
        if (RolloutLayout.Fault(Environment) is { } environment)
        {
            yield return $"The environment {environment}.";
        }
        if (RolloutLayout.Fault(Model) is { } model)
        {
            yield return $"The model's name {model}.";
        }
        if (Stable < 1)
        {
            yield return $"stable is version {Stable}; allowed is 1 or more.";
        }
        if (string.IsNullOrEmpty(Salt))
        {
            yield return "salt is empty; allowed is any text.";
        }
        if (Canary is { Version: < 1 })
        {
            yield return $"canary is version {Canary.Version}; allowed is 1 or more.";
        }
        if (Canary is not null && !(Canary.Weight is >= 0 and <= 1))
        {
            yield return $"The canary's weight is {Canary.Weight}; allowed are 0 to 1.";
        }
        if (Shadow is { Version: < 1 })
        {
            yield return $"shadow is version {Shadow.Version}; allowed is 1 or more.";
        }
        if (Shadow is not null && !(Shadow.Share is > 0 and <= 1))
        {
            yield return $"The shadow's share is {Shadow.Share}; allowed is above 0, up to 1.";
        }
        if (Canary is not null && Experiment is not null)
        {
            yield return $"A canary (version {Canary.Version}) stands beside the experiment '{Experiment.Id}'; allowed is one of the two, "
                + $"since each would blur the other.";
        }
        foreach (string problem in Experiment?.Validate() ?? [])
        {
            yield return problem;
        }
    }
}

/// <param name="Weight">The part of the callers that this version answers, 0 to 1.</param>
public sealed record CanaryArm(int Version, double Weight);

/// <param name="Share">The part of the requests of which the version gets a copy, above 0 and up to 1.</param>
public sealed record ShadowTap(int Version, double Share = 1);

/// <summary>One arm of an experiment; its name is what answers and captures carry.</summary>
public sealed record ExperimentArm(string Name, int Version, double Weight);

/// <summary>
/// An experiment that takes all of a model's traffic. Its id is the salt of its assignment, so that experiments are independent.
/// </summary>
public sealed record RunningExperiment(string Id, IReadOnlyList<ExperimentArm> Arms)
{
    public const int MaxArms = 10;

    internal IEnumerable<string> Validate()
    {
        if (RolloutLayout.Fault(Id) is { } id)
        {
            yield return $"The experiment's id {id}.";
        }
        if (Arms.Count is < 2 or > MaxArms)
        {
            yield return $"The experiment '{Id}' has {Arms.Count} arms; allowed are 2 to {MaxArms}.";
        }
        if (Arms.DistinctBy(arm => arm.Name).Count() != Arms.Count)
        {
            yield return $"Two arms of the experiment '{Id}' have the same name.";
        }
        foreach (ExperimentArm arm in Arms)
        {
            if (RolloutLayout.Fault(arm.Name) is { } name)
            {
                yield return $"The arm's name {name}.";
            }
            if (arm.Name.Contains('.'))
            {
                yield return $"The arm '{arm.Name}' has a dot, which separates the parts of a prediction's id.";
            }
            if (arm.Name is ArmNames.Stable or ArmNames.Canary or ArmNames.Pinned or ArmNames.Forced)
            {
                yield return $"An arm is named '{arm.Name}', which has a meaning of its own.";
            }
            if (arm.Version < 1)
            {
                yield return $"Arm '{arm.Name}' is version {arm.Version}; allowed is 1 or more.";
            }
            if (!(arm.Weight is >= 0 and <= 1))
            {
                yield return $"Arm '{arm.Name}' has the weight {arm.Weight}; allowed are 0 to 1.";
            }
        }
        double sum = Arms.Sum(arm => arm.Weight);
        if (Math.Abs(sum - 1) > 1e-9)
        {
            yield return $"The weights of the experiment '{Id}' sum to {sum}; they must sum to 1.";
        }
    }
}

public static class ArmNames
{
    public const string Stable = "stable";
    public const string Canary = "canary";

    /// <summary>Of a request whose caller named the version.</summary>
    public const string Pinned = "pinned";

    /// <summary>
    /// Of a request whose caller named the arm, whichever it was: a test, which is no evidence about the arm's callers.
    /// </summary>
    public const string Forced = "forced";
}
