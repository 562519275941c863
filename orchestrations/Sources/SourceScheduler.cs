using Microsoft.DurableTask.Client;
using Serverless.Ingest.Sources;

namespace Serverless.Orchestrations.Sources;

/// <summary>Starts what a source's document asks for and names it: the document comes first, so that nothing asked for is lost.</summary>
public static class SourceScheduler
{
    /// <summary>The run of the sync that was last asked for; null of a source that has none.</summary>
    public static string? SyncIdOf(MediaSource source) => source.Sync > 0 ? $"sync-{source.Store}-{source.Name}-{source.Sync}" : null;

    public static string ErasureIdOf(MediaSource source) => $"erase-{source.Store}-{source.Name}-{source.Version}";

    /// <summary>What was started before is not started again.</summary>
    public static async Task StartAsync(this DurableTaskClient client, MediaSource source, CancellationToken cancellationToken)
    {
        if (source is { State: SourceState.Active, Synced: null } && SyncIdOf(source) is { } id)
        {
            SyncInput input = new(source.Store, source.Name, source.Sync);
            await client.ScheduleOnceAsync(nameof(SyncSource), input, id, cancellationToken);
        }
        if (source is { State: SourceState.Removed, Erases: true, Erased: null })
        {
            EraseSourceInput input = new(source.Store, source.Name, source.Version);
            await client.ScheduleOnceAsync(nameof(EraseSource), input, ErasureIdOf(source), cancellationToken);
        }
    }

    /// <summary>For those whose process ended between the document and the start.</summary>
    internal static async Task EnsureAsync(
        this DurableTaskClient client,
        IEnumerable<MediaSource> sources,
        CancellationToken cancellationToken
    )
    {
        foreach (MediaSource source in sources.Where(source => !source.IsBuiltIn))
        {
            await client.StartAsync(source, cancellationToken);
        }
    }
}
