using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Runs;

/// <summary>Reads what was recorded in one store since the last time. One caller at a time.</summary>
internal sealed class RunSource(IObjectStore store, ILogger log)
{
    /// <summary>When it was last read whole; null before.</summary>
    private DateTimeOffset? _since;

    public string Store => store.Name;

    /// <summary>Segments of one hour before are listed again: clocks of processes differ, and a slow write ends late.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    private const int AtOnce = 16;

    private readonly ConcurrentDictionary<string, string> _read = new(StringComparer.Ordinal);
    private readonly SharedTexts _texts = new();

    public async IAsyncEnumerable<RunEntry> ReadNewAsync(DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Tails first: what leaves a tail is in a segment by then, which the later listing shows.
        await foreach (RunEntry entry in ReadAsync(RunFiles.Tails, cancellationToken))
        {
            yield return entry;
        }
        foreach (string folder in FoldersOf(_since, now))
        {
            await foreach (RunEntry entry in ReadAsync(folder, cancellationToken))
            {
                yield return entry;
            }
        }
        _since = now;
    }

    private static IEnumerable<string> FoldersOf(DateTimeOffset? since, DateTimeOffset now)
    {
        if (since is null)
        {
            yield return RunFiles.Segments;
            yield break;
        }
        DateTimeOffset hour = since.Value.AddTicks(-(since.Value.Ticks % TimeSpan.TicksPerHour)) - Overlap;
        for (; hour <= now; hour += TimeSpan.FromHours(1))
        {
            yield return RunFiles.FolderOf(hour);
        }
    }

    private async IAsyncEnumerable<RunEntry> ReadAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<StoredObject> found = [];
        await foreach (StoredObject file in store.ListAsync(prefix, cancellationToken))
        {
            if (!_read.TryGetValue(file.Path, out string? version) || version != file.Version)
            {
                found.Add(file);
            }
        }
        Queue<(StoredObject File, Task<List<RunEntry>> Read)> reads = new();
        foreach (StoredObject file in found)
        {
            reads.Enqueue((file, Task.Run(() => ReadAsync(file, cancellationToken), cancellationToken)));
            if (reads.Count == AtOnce)
            {
                foreach (RunEntry entry in await TakeAsync(reads))
                {
                    yield return entry;
                }
            }
        }
        while (reads.Count > 0)
        {
            foreach (RunEntry entry in await TakeAsync(reads))
            {
                yield return entry;
            }
        }
    }

    private async Task<List<RunEntry>> TakeAsync(Queue<(StoredObject File, Task<List<RunEntry>> Read)> reads)
    {
        (StoredObject file, Task<List<RunEntry>> read) = reads.Dequeue();
        List<RunEntry> entries = await read;
        _read[file.Path] = file.Version;
        return entries;
    }

    /// <summary>Nothing of a file that was merged into another meanwhile, or that is damaged.</summary>
    private async Task<List<RunEntry>> ReadAsync(StoredObject file, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(file.Path, RunFiles.MaxBytes, cancellationToken) is { } content
                ? RunFiles.Read(file.Path, content.Data, _texts)
                : [];
        }
        catch (Exception e) when (e is InvalidDataException or ObjectTooLargeException)
        {
            log.FileDamaged(file.Path, e.Message);
            return [];
        }
    }
}
