using Serverless.Storage;

namespace Serverless.Drift.Summaries;

/// <summary>Merges stored hours to windows. Thread-safe; memory: one hour and one window at a time.</summary>
public sealed class WindowReader(IObjectStore store, TimeProvider time)
{
    /// <param name="hours">Those of the window that count; null for all.</param>
    public async Task<WindowSummary> ReadAsync(
        DriftSubject subject,
        DriftWindow window,
        Func<DateTimeOffset, bool>? hours,
        CancellationToken cancellationToken
    )
    {
        TrafficSummary traffic = TrafficSummary.OfWindow();
        CaptureFaults faults = CaptureFaults.None;
        int files = 0;
        List<DateTimeOffset> silent = [];
        foreach (DateTimeOffset hour in window.Hours().Where(hours ?? (_ => true)))
        {
            StoredDocument<HourSummary> document = HourSummary.DocumentOf(store, subject.Model, subject.Version, hour, time);
            HourSummary? summary = (await document.ReadAsync(cancellationToken))?.Value;
            faults = faults.Add(summary?.Faults ?? CaptureFaults.None);
            if (summary?.Environments.TryGetValue(subject.Environment, out StoredTraffic? stored) != true)
            {
                silent.Add(hour);
                continue;
            }
            traffic.Merge(stored!);
            files += summary.Files.Count;
        }
        return new WindowSummary(window, traffic, faults, files, silent.Count, [.. silent.Take(CaptureFaults.MaxNamed)]);
    }
}
