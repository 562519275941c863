using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Runs;

/// <summary>
/// Keeps the index in few files: takes over the tails of processes that ended, merges small segments, removes old ones. Any number of
/// processes may do so at once: an entry that stands twice is read once, and a file is deleted only after its entries lie in another.
/// </summary>
public sealed class RunKeeping(IReadOnlyList<IObjectStore> stores, RunIndexOptions options, TimeProvider time, ILogger<RunKeeping> log)
{
    /// <summary>A folder with more files than this is merged.</summary>
    public const int MaxFiles = 8;

    private const int MaxMerged = 64;

    // A file of so many bytes, compressed, is large enough.
    private const long LargeBytes = 1 << 20;

    private static readonly TimeSpan TailIsLeftAfter = 2 * RunRecorder.TailIsWrittenWithin;

    /// <summary>Whoever reads the index looks back one hour for new segments, so that younger ones stay where they are.</summary>
    private static readonly TimeSpan SegmentsSettle = TimeSpan.FromHours(3);

    private static readonly TimeSpan DaysSettle = TimeSpan.FromDays(2);

    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (IObjectStore store in stores)
        {
            await KeepAsync(store, cancellationToken);
        }
    }

    private async Task KeepAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await foreach (StoredObject tail in store.ListAsync(RunFiles.Tails, cancellationToken))
        {
            if (now - tail.LastModified > TailIsLeftAfter)
            {
                await MergeAsync(store, [tail], RunFiles.FolderOf(now), cancellationToken);
            }
        }
        string oldest = RunFiles.FolderOf(now - options.Retention);
        string settled = RunFiles.FolderOf(now - SegmentsSettle);
        string settledDay = DayOf(RunFiles.FolderOf(now - DaysSettle));
        List<StoredObject> segments = [];
        await foreach (StoredObject segment in store.ListAsync(RunFiles.Segments, cancellationToken))
        {
            if (string.CompareOrdinal(HourOf(segment.Path), oldest) < 0)
            {
                await store.DeleteAsync(segment.Path, cancellationToken);
            }
            else if (segment.Length < LargeBytes && string.CompareOrdinal(HourOf(segment.Path), settled) < 0)
            {
                segments.Add(segment);
            }
        }
        var folders = segments.GroupBy(segment =>
            string.CompareOrdinal(DayOf(segment.Path), settledDay) < 0 ? DayOf(segment.Path) : HourOf(segment.Path)
        );
        foreach (List<StoredObject> together in folders.Where(files => files.Count() > MaxFiles).SelectMany(Part))
        {
            await MergeAsync(store, together, HourOf(together[^1].Path), cancellationToken);
        }
    }

    /// <summary>Parts that make one file of a bounded size; a part of one file alone is left out.</summary>
    private static IEnumerable<List<StoredObject>> Part(IEnumerable<StoredObject> files)
    {
        List<StoredObject> part = [];
        foreach (StoredObject file in files)
        {
            if (part.Count == MaxMerged || (part.Count > 0 && part.Sum(one => one.Length) + file.Length > LargeBytes))
            {
                if (part.Count > 1)
                {
                    yield return part;
                }
                part = [];
            }
            part.Add(file);
        }
        if (part.Count > 1)
        {
            yield return part;
        }
    }

    private static string HourOf(string path) => path[..(path.LastIndexOf('/') + 1)];

    /// <summary>"runs/segments/2026/01/31"</summary>
    private static string DayOf(string path) => path[..(RunFiles.Segments.Length + "2026/01/31".Length)];

    /// <summary>Does nothing where another process was faster with one of the files, or one is damaged.</summary>
    private async Task MergeAsync(IObjectStore store, List<StoredObject> files, string folder, CancellationToken cancellationToken)
    {
        Dictionary<string, RunEntry> latest = new(StringComparer.Ordinal);
        SharedTexts texts = new();
        foreach (StoredObject file in files)
        {
            if (await store.ReadAsync(file.Path, RunFiles.MaxBytes, cancellationToken) is not { } content)
            {
                return;
            }
            try
            {
                foreach (RunEntry entry in RunFiles.Read(file.Path, content.Data, texts))
                {
                    if (!latest.TryGetValue(entry.Id, out RunEntry? known) || known.Updated < entry.Updated)
                    {
                        latest[entry.Id] = entry;
                    }
                }
            }
            catch (InvalidDataException e)
            {
                log.FileDamaged(file.Path, e.Message);
                return;
            }
        }
        string name = files[^1].Path[(files[^1].Path.LastIndexOf('/') + 1)..].Split('.')[0];
        string path = RunFiles.MergedOf(folder, name, files.Count);
        byte[][] lines = [.. latest.Values.Select(RunLine.Write)];
        if (lines.Sum(line => line.Length + 1L) > RunFiles.MaxBytes)
        {
            log.TooLargeToMerge(files.Count);
            return;
        }
        using (MemoryStream body = new(RunFiles.Compress(lines), writable: false))
        {
            await store.WriteAsync(path, body, WriteCondition.Always, RunFiles.SegmentType, cancellationToken);
        }
        foreach (StoredObject file in files)
        {
            await store.DeleteAsync(file.Path, cancellationToken);
        }
        log.Merged(files.Count, path, latest.Count);
    }
}
