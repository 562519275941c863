using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <summary>The way of a version into an environment. Each environment has one; a request may make it stricter.</summary>
public sealed record PromotionPlan
{
    public bool Validation { get; init; } = true;

    /// <summary>Null for none.</summary>
    public ShadowStep? Shadow { get; init; }

    /// <summary>Null for none. Set by configuration alone: who asks for a promotion cannot waive it.</summary>
    public ApprovalStep? Approval { get; init; }

    /// <summary>In this order; none moves the alias at once.</summary>
    public IReadOnlyList<CanaryStep> Canary { get; init; } = [];

    public GuardLimits Guards { get; init; } = new();

    /// <summary>How often captures are looked at while the version is watched, 2 s by default.</summary>
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Everything that is wrong, each problem naming its member, what was found and what is allowed.</summary>
    public IEnumerable<string> Problems()
    {
        if (WatchEvery < TimeSpan.FromMilliseconds(200) || WatchEvery > TimeSpan.FromSeconds(4))
        {
            yield return $"watchEvery is {WatchEvery}; allowed are 0.2 to 4 seconds.";
        }
        if (Canary.Count > 20)
        {
            yield return $"canary has {Canary.Count} steps; allowed are up to 20.";
        }
        for (int i = 0; i < Canary.Count; i++)
        {
            if (!(Canary[i].Weight is > 0 and <= 1))
            {
                yield return $"canary[{i}].weight is {Canary[i].Weight}; allowed is above 0, up to 1.";
            }
            if (i > 0 && Canary[i].Weight <= Canary[i - 1].Weight)
            {
                yield return $"canary[{i}].weight is {Canary[i].Weight}, not above the step before.";
            }
            // By its name a step's watch and its records are known.
            else if (i > 0 && StepNames.Canary(Canary[i]) is var name && name == StepNames.Canary(Canary[i - 1]))
            {
                yield return $"canary[{i}].weight is {Canary[i].Weight}; it and the step before are both '{name}'.";
            }
            foreach (string problem in Canary[i].Problems($"canary[{i}]"))
            {
                yield return problem;
            }
        }
        if (Shadow is not null && !(Shadow.Share is > 0 and <= 1))
        {
            yield return $"shadow.share is {Shadow.Share}; allowed is above 0, up to 1.";
        }
        foreach (string problem in Shadow?.Problems("shadow") ?? [])
        {
            yield return problem;
        }
        foreach (string problem in Approval?.Problems() ?? [])
        {
            yield return problem;
        }
        foreach (string problem in Guards.Validate())
        {
            yield return problem;
        }
    }
}

/// <summary>A time in which the version is watched: at least <see cref="Bake"/> long and until so many requests were seen.</summary>
public abstract record WatchedStep
{
    public TimeSpan Bake { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Mirrored requests of a shadow; requests that the canary answered of a canary step.</summary>
    public int MinRequests { get; init; } = 100;

    /// <summary>When the requests have not come by then, the promotion ends.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromHours(6);

    internal IEnumerable<string> Problems(string name)
    {
        if (Bake < TimeSpan.Zero || Bake > TimeSpan.FromDays(14))
        {
            yield return $"{name}.bake is {Bake}; allowed are 0 to 14 days.";
        }
        if (MinRequests < 0)
        {
            yield return $"{name}.minRequests is {MinRequests}; allowed is 0 or more.";
        }
        if (Within < Bake || Within > TimeSpan.FromDays(30))
        {
            yield return $"{name}.within is {Within}; allowed are {name}.bake ({Bake}) to 30 days.";
        }
    }
}

/// <summary>The version answers copies of the traffic, off the callers' path.</summary>
public sealed record ShadowStep : WatchedStep
{
    /// <summary>The part of the requests that is copied.</summary>
    public double Share { get; init; } = 1;
}

/// <summary>The version answers a part of the callers.</summary>
public sealed record CanaryStep : WatchedStep
{
    public double Weight { get; init; }
}

/// <summary>People agree.</summary>
public sealed record ApprovalStep
{
    /// <summary>Who may decide; empty means anybody but who asked for the promotion.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>How many must agree. One refusal ends the promotion.</summary>
    public int Required { get; init; } = 1;

    public TimeSpan Within { get; init; } = TimeSpan.FromHours(24);

    internal IEnumerable<string> Problems()
    {
        if (Required is < 1 or > 20)
        {
            yield return $"approval.required is {Required}; allowed are 1 to 20.";
        }
        if (People.Count > 0 && People.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Required)
        {
            yield return $"approval.required is {Required}, more than the people who may decide ({People.Count}).";
        }
        if (Within <= TimeSpan.Zero || Within > TimeSpan.FromDays(30))
        {
            yield return $"approval.within is {Within}; allowed is up to 30 days.";
        }
    }
}
