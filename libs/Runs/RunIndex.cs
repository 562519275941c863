using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Runs;

/// <summary>
/// All runs that were recorded, by whichever process. It is read from the store when it is first asked, and again what is new when it is
/// asked later. One for a process; thread-safe.
/// </summary>
/// <param name="stores">The first has what this app records; others, what is recorded beside them, and may be away.</param>
public sealed class RunIndex(IReadOnlyList<IObjectStore> stores, RunIndexOptions options, TimeProvider time, ILogger<RunIndex> log)
    : IDisposable
{
    /// <summary>How old an answer may be.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly RunTable _table = new(options.MaxRuns);
    private readonly RunSource _source = new(stores[0], log);
    private readonly RunSourceBeside[] _beside =
    [
        .. stores.Skip(1).Select(store => new RunSourceBeside(new RunSource(store, log), time, log)),
    ];
    private DateTimeOffset? _refreshed;

    public async Task<FoundRuns> FindAsync(RunQuery query, CancellationToken cancellationToken) =>
        RunSearch.Page(await ReadAsync(cancellationToken), query, time.GetUtcNow());

    public async Task<RunSummary> SummariseAsync(RunFilter filter, CancellationToken cancellationToken) =>
        new RunCounter(filter).Count(await ReadAsync(cancellationToken));

    public async Task<RunGraph> DrawAsync(RunFilter filter, CancellationToken cancellationToken) =>
        RunGraph.Of(await ReadAsync(cancellationToken), filter);

    /// <summary>What models took, by the names of all runs that are known.</summary>
    public async Task<IReadOnlyList<SpentByName>> SumSpentAsync(CancellationToken cancellationToken) =>
        SpentByName.Sum(await ReadAsync(cancellationToken));

    /// <summary>How many runs there are that were not purged. Nothing is looked through for it.</summary>
    public async Task<IReadOnlyDictionary<RunTallyKey, int>> TallyAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return new Dictionary<RunTallyKey, int>(_table.Tallies);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A number that is another once anything has changed.</summary>
    public async Task<long> ReadVersionAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        return _table.Version;
    }

    /// <summary>All runs that a filter admits as they stand when this begins, the newest first.</summary>
    public async IAsyncEnumerable<RunEntry> MatchAsync(RunFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RunEntry[] runs = await ReadAsync(cancellationToken);
        foreach (RunEntry run in runs.Where(run => filter.Admits(run)).OrderByDescending(run => run.Created))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return run;
        }
    }

    /// <summary>Null where no entry is known, also of a run that the run store has.</summary>
    public async Task<RunEntry?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _table.Find(id);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Why runs may be missing, for people; null where none is.</summary>
    public string? Incomplete =>
        string.Join(' ', _beside.Select(source => source.Fault).Prepend(TooMany).OfType<string>()) is { Length: > 0 } why ? why : null;

    private string? TooMany =>
        _table.Forgotten is { } since
            ? $"There are more runs than the {options.MaxRuns:N0} that Runs:MaxRuns lets the index hold: those created before "
                + $"{since:yyyy-MM-dd HH:mm:ss}Z are left out."
            : null;

    public void Dispose() => _turn.Dispose();

    private async Task<RunEntry[]> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            if (!(now - _refreshed < Freshness))
            {
                await foreach (RunEntry entry in _source.ReadNewAsync(now, cancellationToken))
                {
                    _table.Apply(entry);
                }
                foreach (RunSourceBeside source in _beside)
                {
                    await source.ReadNewAsync(entry => _table.Apply(entry), now, cancellationToken);
                }
                _table.Trim();
                _refreshed = now;
            }
            return _table.Snapshot();
        }
        finally
        {
            _turn.Release();
        }
    }
}
