namespace Serverless.Rollout;

/// <summary>What a predictor follows: the record, and the version that the alias names. Immutable.</summary>
public sealed class RoutePlan
{
    private readonly RolloutRecord? _active;
    private readonly long _revision;

    private RoutePlan(string environment, string model, int stable, RolloutRecord? record)
    {
        (Environment, Model, Stable) = (environment, model, stable);
        _revision = record?.Revision ?? 0;
        _active = record?.Stable == stable ? record : null;
    }

    public string Environment { get; }

    public string Model { get; }

    public int Stable { get; }

    /// <summary>Every version that a request may meet now, the stable one first.</summary>
    public IEnumerable<int> Versions =>
        new int?[] { Stable, _active?.Canary?.Version, _active?.Shadow?.Version }
            .OfType<int>()
            .Concat(_active?.Experiment?.Arms.Select(arm => arm.Version) ?? [])
            .Distinct();

    /// <summary>Null when nothing serves the model: no alias, and no record to go by.</summary>
    public static RoutePlan? Of(string environment, string model, int? alias, RolloutRecord? record) =>
        (alias ?? record?.Stable) is { } stable ? new RoutePlan(environment, model, stable, record) : null;

    /// <param name="key">Callers with the same key meet the same arm; null for a caller without one.</param>
    /// <param name="overrideArm">For testing: this arm, whatever the key. Such a request is in no arm, and is not mirrored.</param>
    /// <param name="position">Where a caller without a key stands, from 0 to below 1.</param>
    /// <param name="mirrorPosition">Where this request stands among those that may be mirrored.</param>
    /// <exception cref="UnknownArmException"/>
    public Route Choose(string? key, string? overrideArm, double position, double mirrorPosition)
    {
        if (overrideArm is not null)
        {
            return new Route(Find(overrideArm), ArmNames.Forced, ShadowVersion: null, _revision);
        }
        (string arm, int version) = Assign(key, position);
        return new Route(version, arm, MirrorOf(version, mirrorPosition), _revision, _active?.Experiment?.Id);
    }

    private (string Arm, int Version) Assign(string? key, double position)
    {
        if (_active?.Experiment is { } experiment)
        {
            return AssignArm(experiment, key is null ? position : StickyAssignment.Position(experiment.Id, key));
        }
        if (_active?.Canary is { } canary)
        {
            double at = key is null ? position : StickyAssignment.Position(_active.Salt, key);
            if (at < canary.Weight)
            {
                return (ArmNames.Canary, canary.Version);
            }
        }
        return (ArmNames.Stable, Stable);
    }

    private static (string Arm, int Version) AssignArm(RunningExperiment experiment, double position)
    {
        double upTo = 0;
        foreach (ExperimentArm arm in experiment.Arms)
        {
            upTo += arm.Weight;
            if (position < upTo)
            {
                return (arm.Name, arm.Version);
            }
        }
        // The weights sum to 1 but for rounding: who stands at the very end belongs to the last arm that has anybody.
        ExperimentArm last = experiment.Arms.Last(arm => arm.Weight > 0);
        return (last.Name, last.Version);
    }

    private int Find(string arm)
    {
        if (arm == ArmNames.Stable)
        {
            return Stable;
        }
        if (arm == ArmNames.Canary && _active?.Canary is { } canary)
        {
            return canary.Version;
        }
        return _active?.Experiment?.Arms.FirstOrDefault(known => known.Name == arm)?.Version
            ?? throw new UnknownArmException(Model, arm, Arms());
    }

    private IEnumerable<string> Arms()
    {
        yield return ArmNames.Stable;
        if (_active?.Canary is not null)
        {
            yield return ArmNames.Canary;
        }
        foreach (ExperimentArm arm in _active?.Experiment?.Arms ?? [])
        {
            yield return arm.Name;
        }
    }

    /// <summary>
    /// What the shadowed version answers itself is mirrored to the stable one, so that both directions compare the same two.
    /// </summary>
    private int? MirrorOf(int version, double position)
    {
        if (_active?.Shadow is not { } shadow || position >= shadow.Share)
        {
            return null;
        }
        int other = version == shadow.Version ? Stable : shadow.Version;
        return other == version ? null : other;
    }
}
