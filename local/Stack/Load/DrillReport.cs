using System.Text.Json;

namespace Serverless.Local.Stack.Load;

/// <summary>Something that happened under a load.</summary>
/// <param name="At">From the start of the load.</param>
/// <param name="Serving">Every version that may answer from then until the next moment.</param>
public sealed record DrillMoment(TimeSpan At, string What, IReadOnlyList<int> Serving);

/// <summary>What callers met while the model's traffic was changed, and when it was.</summary>
/// <param name="Moments">In their order; the first is the start.</param>
/// <param name="Restart">While the host was restarted: from the stop asked for until all callers were answered again.</param>
/// <param name="PickUps">From each alias move and rollback asked for until the last request that met the version before.</param>
public sealed record DrillReport(
    LoadReport Load,
    IReadOnlyList<DrillMoment> Moments,
    (TimeSpan From, TimeSpan To) Restart,
    IReadOnlyList<(string What, TimeSpan Took)> PickUps
)
{
    /// <summary>The requests that met no restart; callers of a host that restarts try again.</summary>
    public LoadReport Steady => Load.Outside(Restart.From, Restart.To);

    /// <summary>Requests that failed, or that a host that was there did not take at once.</summary>
    public IReadOnlyList<LoadSample> Dropped => [.. Load.Failures, .. Steady.Samples.Where(sample => sample.Succeeded && sample.Tries > 1)];

    /// <summary>Requests that the host had when it was asked to stop, and did not answer.</summary>
    public IReadOnlyList<LoadSample> Abandoned =>
        [.. Load.Samples.Where(sample => sample.Due < Restart.From && sample.Answered >= Restart.From && sample.Tries > 1)];

    /// <summary>Answers of a version that did not serve at any moment between request and answer.</summary>
    public IReadOnlyList<LoadSample> Unlawful =>
        [.. Load.Samples.Where(sample => VersionOf(sample) is { } version && !ServingDuring(sample).Contains(version))];

    /// <summary>The longest time in which nobody was answered, before and after the restart.</summary>
    public TimeSpan LongestGap =>
        Max(Load.Between(TimeSpan.Zero, Restart.From).LongestGap(), Load.Between(Restart.To, TimeSpan.MaxValue).LongestGap());

    /// <summary>The same while the host restarted.</summary>
    public TimeSpan RestartGap => Load.Between(Restart.From, Restart.To).LongestGap();

    /// <summary>Null where no prediction was the answer.</summary>
    public static int? VersionOf(LoadSample sample)
    {
        if (!sample.Succeeded)
        {
            return null;
        }
        using JsonDocument answer = JsonDocument.Parse(sample.Answer);
        return answer.RootElement.GetProperty("version").GetInt32();
    }

    private IEnumerable<int> ServingDuring(LoadSample sample) =>
        Moments
            .Where((moment, i) => sample.Overlaps(moment.At, i + 1 < Moments.Count ? Moments[i + 1].At : TimeSpan.MaxValue))
            .SelectMany(moment => moment.Serving);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
