namespace Serverless.Drift.Summaries;

/// <summary>What one version answered in one environment over a window.</summary>
/// <param name="Silent">Hours in which nothing was captured.</param>
/// <param name="Files">That it was read from.</param>
/// <param name="SilentHours">The first of the silent ones, at most <see cref="CaptureFaults.MaxNamed"/>.</param>
public sealed record WindowSummary(
    DriftWindow Window,
    TrafficSummary Traffic,
    CaptureFaults Faults,
    int Files,
    int Silent,
    IReadOnlyList<DateTimeOffset>? SilentHours = null
)
{
    public StoredWindow ToStored() => new(Window, Traffic.ToStored(), Faults, Files, Silent, SilentHours);

    public static WindowSummary Of(StoredWindow stored)
    {
        TrafficSummary traffic = TrafficSummary.OfWindow();
        traffic.Merge(stored.Traffic);
        return new WindowSummary(stored.Window, traffic, stored.Faults, stored.Files, stored.Silent, stored.SilentHours);
    }
}

/// <summary>The same as it is stored, as references are.</summary>
public sealed record StoredWindow(
    DriftWindow Window,
    StoredTraffic Traffic,
    CaptureFaults Faults,
    int Files,
    int Silent,
    IReadOnlyList<DateTimeOffset>? SilentHours = null
);
