using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Rollout;

/// <summary>
/// The plan of one model as it changes while the process runs. Reads are lock-free; looks at the store go one at a time. A record that
/// cannot be read or is wrong leaves the last good plan in place, and so does a new one until it is prepared for.
/// </summary>
internal sealed class ModelRoutes(
    string environment,
    string model,
    RolloutStore store,
    AliasLookup aliasOf,
    RoutePreparation prepare,
    TimeProvider time,
    ILogger log
)
{
    /// <summary>A look that hangs is given up, so that the next one finds a store that is back; one takes milliseconds.</summary>
    internal static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    /// <summary>For a caller who finds the plan old: a store that hangs holds up no caller for longer.</summary>
    private static readonly TimeSpan CallerPatience = TimeSpan.FromSeconds(1);

    /// <summary>A change whose writer ended before it was marked is followed within this.</summary>
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly Lock _following = new();
    private volatile RoutePlan? _plan;
    private State? _read;
    private long _usedAt = time.GetTimestamp();
    private long _lookedAt = time.GetTimestamp();
    private (string? Mark, long At) _known; // the change mark as it was before the last read that succeeded
    private (Task Ended, long BegunAt) _look = (Task.CompletedTask, 0);
    private string? _lastFault;

    public RoutePlan? Current => _plan;

    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _usedAt));

    /// <summary>Since it was last looked whether something changed, well or not.</summary>
    public TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _lookedAt));

    public void Touch() => Volatile.Write(ref _usedAt, time.GetTimestamp());

    /// <summary>
    /// The first read: a fault surfaces, since there is nothing to fall back to, and nothing that could answer meanwhile.
    /// </summary>
    public async Task<RoutePlan?> LoadAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (_read is not null)
            {
                return _plan ?? _read.Plan;
            }
            _read = await ReadAsync(null, cancellationToken);
            _plan = _read.Plan;
            if (_plan is not null)
            {
                _ = PrepareAsync(null, _plan);
            }
            return _plan;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>
    /// Looks whether the record or the alias changed, unless the mark says that nothing did; a new plan is followed once it is prepared
    /// for. Joins a look that is under way.
    /// </summary>
    /// <param name="mark">The environment's change mark, read before; null where it is not known.</param>
    public Task RefreshAsync(string? mark, CancellationToken cancellationToken)
    {
        lock (_following)
        {
            if (mark is not null && mark == _known.Mark && time.GetElapsedTime(_known.At) < TrustedFor)
            {
                Volatile.Write(ref _lookedAt, time.GetTimestamp());
                return Task.CompletedTask;
            }
        }
        return BeginLook(mark).Ended.WaitAsync(cancellationToken);
    }

    /// <summary>As <see cref="RefreshAsync"/>, for a caller who cannot wait long.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        (Task ended, long begunAt) = BeginLook(mark: null);
        TimeSpan left = CallerPatience - time.GetElapsedTime(begunAt);
        if (left > TimeSpan.Zero)
        {
            await ended.WaitAsync(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private (Task Ended, long BegunAt) BeginLook(string? mark)
    {
        lock (_following)
        {
            if (_look.Ended.IsCompleted)
            {
                _look = (Task.Run(() => LookAsync(mark)), time.GetTimestamp());
            }
            return _look;
        }
    }

    private async Task LookAsync(string? mark)
    {
        if (!await _refreshing.WaitAsync(TimeSpan.Zero))
        {
            return; // its first read is under way, and were that to hang all others would wait
        }
        using CancellationTokenSource limit = new(LookLimit, time);
        try
        {
            State? before = _read;
            State read = await ReadAsync(before, limit.Token).WaitAsync(limit.Token);
            _lastFault = null;
            lock (_following)
            {
                _read = read;
                _known = (mark, time.GetTimestamp());
            }
            if (!ReferenceEquals(read, before))
            {
                _ = FollowAsync(read);
            }
        }
        catch (Exception e)
        {
            // Once per kind of fault: a broken record is met at every look.
            if (_lastFault != e.Message)
            {
                log.NotRefreshed(environment, model, e);
            }
            _lastFault = e.Message;
        }
        finally
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
            _refreshing.Release();
        }
    }

    /// <summary>Where a newer plan was read meanwhile, that one is followed: it may be ready before.</summary>
    private async Task FollowAsync(State read)
    {
        if (read.Plan is not null)
        {
            await PrepareAsync(_plan, read.Plan);
        }
        lock (_following)
        {
            if (ReferenceEquals(_read, read))
            {
                _plan = read.Plan;
            }
        }
    }

    private async Task PrepareAsync(RoutePlan? before, RoutePlan next)
    {
        try
        {
            await prepare(before, next);
        }
        catch (Exception e)
        {
            log.NotPrepared(environment, model, e);
        }
    }

    private async Task<State> ReadAsync(State? before, CancellationToken cancellationToken)
    {
        int? alias = await aliasOf(environment, model, cancellationToken);
        string? version = await store.FindVersionAsync(environment, model, cancellationToken);
        if (before is not null && version == before.Version && alias == before.Alias)
        {
            return before;
        }

        RolloutRecord? record = before?.Record;
        if (before is null || version != before.Version)
        {
            Stored<RolloutRecord>? stored = await store.ReadAsync(environment, model, cancellationToken);
            (record, version) = (stored?.Value, stored?.Tag);
        }
        return new State(RoutePlan.Of(environment, model, alias, record), record, version, alias);
    }

    private sealed record State(RoutePlan? Plan, RolloutRecord? Record, string? Version, int? Alias);
}
