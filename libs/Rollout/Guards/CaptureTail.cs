using System.Runtime.CompilerServices;
using Serverless.Captures;

namespace Serverless.Rollout.Guards;

/// <summary>
/// Which capture files were read: of each writer the last, since a writer numbers its files in the order in which it writes them.
/// </summary>
public sealed class CaptureCursor
{
    /// <summary>Sequence number by "version/writer".</summary>
    public SortedDictionary<string, long> Read { get; init; } = new(StringComparer.Ordinal);

    internal bool Passes(int version, CapturePath path)
    {
        string writer = $"{version}/{path.Writer}";
        if (Read.TryGetValue(writer, out long last) && path.Sequence <= last)
        {
            return false;
        }
        Read[writer] = path.Sequence;
        return true;
    }
}

/// <summary>
/// Follows the captures of some versions of a model as they are written by all instances. Thread-safe; what was read is the caller's.
/// </summary>
public sealed class CaptureTail(CaptureReader reader, TimeProvider time)
{
    /// <summary>A file is written at the latest this long after its lines, so that no older folder needs to be looked at again.</summary>
    private static readonly TimeSpan LatestWrite = TimeSpan.FromMinutes(30);

    /// <summary>The lines from <paramref name="since"/> on, in files that the cursor has not passed; moves the cursor on.</summary>
    public async IAsyncEnumerable<CaptureRecord> ReadAsync(
        string model,
        IReadOnlyList<int> versions,
        string environment,
        DateTimeOffset since,
        CaptureCursor cursor,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset from = cursor.Read.Count > 0 && now - LatestWrite > since ? now - LatestWrite : since;
        foreach (int version in versions)
        {
            List<CapturePath> fresh = [];
            // Clocks of other instances may be ahead by a little.
            await foreach (CapturePath path in reader.ListAsync(model, version, from, now + TimeSpan.FromMinutes(1), cancellationToken))
            {
                fresh.Add(path);
            }
            foreach (CapturePath path in fresh.OrderBy(path => path.Sequence))
            {
                if (cursor.Passes(version, path))
                {
                    await foreach (CaptureRecord record in reader.ReadAsync(path.Path, cancellationToken))
                    {
                        if (record.Time >= since && record.Environment == environment)
                        {
                            yield return record;
                        }
                    }
                }
            }
        }
    }
}
