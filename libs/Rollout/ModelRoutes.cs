using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Rollout;

/// <summary>
/// The plan of one model as it changes while the process runs. Reads are lock-free; refreshes go one at a time. A record that cannot be
/// read or is wrong leaves the last good plan in place, and so does a new one until it is prepared for.
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
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly Lock _following = new();
    private volatile RoutePlan? _plan;
    private State? _read;
    private long _usedAt = time.GetTimestamp();
    private string? _lastFault;

    public RoutePlan? Current => _plan;

    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _usedAt));

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

    /// <summary>Looks whether the record or the alias changed; a new plan is followed once it is prepared for.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(LookLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (!await _refreshing.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return; // its first read is under way, and were that to hang all others would wait
        }
        try
        {
            State read = await ReadAsync(_read, either.Token).WaitAsync(either.Token);
            _lastFault = null;
            if (ReferenceEquals(read, _read))
            {
                return;
            }
            lock (_following)
            {
                _read = read;
            }
            _ = FollowAsync(read);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
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
