namespace Serverless.Runs;

/// <summary>
/// The latest entry of each run, in memory: about 1 KB each. Written by one thread at a time; what <see cref="Snapshot"/> gives never
/// changes, and is read from any.
/// </summary>
internal sealed class RunTable(int maxRuns)
{
    private readonly Dictionary<string, RunEntry> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<RunTallyKey, int> _tallies = [];
    private RunEntry[]? _snapshot;

    /// <summary>Runs created before have been left out, since there are more than the table may hold; null where none was.</summary>
    public DateTimeOffset? Forgotten { get; private set; }

    public int Count => _runs.Count;

    /// <summary>Another after each change.</summary>
    public long Version { get; private set; }

    public RunEntry? Find(string id) => _runs.GetValueOrDefault(id);

    /// <summary>False where a later entry of the run is known.</summary>
    public bool Apply(RunEntry entry)
    {
        if (entry.Created < Forgotten || (_runs.TryGetValue(entry.Id, out RunEntry? known) && known.Updated >= entry.Updated))
        {
            return false;
        }
        _runs[entry.Id] = entry;
        Tally(known, -1);
        Tally(entry, 1);
        _snapshot = null;
        Version++;
        return true;
    }

    /// <summary>How many runs there are that were not purged; kept with each change, so that nobody counts them all.</summary>
    public IReadOnlyDictionary<RunTallyKey, int> Tallies => _tallies;

    /// <summary>Forgets the oldest of what is too much, a twentieth more than that so that it is rare.</summary>
    public void Trim()
    {
        if (_runs.Count <= maxRuns)
        {
            return;
        }
        RunEntry[] oldest = [.. _runs.Values.OrderBy(run => run.Created).Take(_runs.Count - maxRuns + maxRuns / 20)];
        Forgotten = oldest[^1].Created.AddTicks(1);
        foreach (RunEntry run in oldest)
        {
            _runs.Remove(run.Id);
            Tally(run, -1);
        }
        _snapshot = null;
    }

    public RunEntry[] Snapshot() => _snapshot ??= [.. _runs.Values];

    private void Tally(RunEntry? run, int by)
    {
        if (run is not { IsPurged: false })
        {
            return;
        }
        RunTallyKey key = new(run.Kind, run.Name, run.Status);
        int count = _tallies.GetValueOrDefault(key) + by;
        if (count == 0)
        {
            _tallies.Remove(key);
        }
        else
        {
            _tallies[key] = count;
        }
    }
}

/// <summary>What runs are counted by.</summary>
public readonly record struct RunTallyKey(RunKind Kind, string Name, RunStatus Status);
