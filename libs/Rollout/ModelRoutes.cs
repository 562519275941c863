using Microsoft.Extensions.Logging;

namespace Serverless.Rollout;

/// <summary>
/// The plan of one model as it changes while the process runs. Reads are lock-free; refreshes go one at a time. A record that cannot be
/// read or is wrong leaves the last good plan in place.
/// </summary>
internal sealed class ModelRoutes(
    string environment, string model, RolloutStore store, AliasLookup aliasOf, TimeProvider time, ILogger log)
{
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private volatile State? _state;
    private long _usedAt = time.GetTimestamp();
    private string? _lastFault;

    public RoutePlan? Current => _state?.Plan;

    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _usedAt));

    public void Touch() => Volatile.Write(ref _usedAt, time.GetTimestamp());

    /// <summary>The first read: a fault surfaces, since there is nothing to fall back to.</summary>
    public async Task<RoutePlan?> LoadAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            return (_state ??= await ReadAsync(null, cancellationToken)).Plan;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Looks whether the record or the alias changed; true when the plan is a new one.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            State? before = _state;
            _state = await ReadAsync(before, cancellationToken);
            _lastFault = null;
            return !ReferenceEquals(_state.Plan, before?.Plan);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Once per kind of fault: a broken record is met at every look.
            if (_lastFault != e.Message) log.NotRefreshed(environment, model, e);
            _lastFault = e.Message;
            return false;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task<State> ReadAsync(State? before, CancellationToken cancellationToken)
    {
        int? alias = await aliasOf(environment, model, cancellationToken);
        string? version = await store.FindVersionAsync(environment, model, cancellationToken);
        if (before is not null && version == before.Version && alias == before.Alias) return before;

        RolloutRecord? record = before?.Record;
        if (before is null || version != before.Version) (record, version) = await store.ReadAsync(environment, model, cancellationToken);
        return new State(RoutePlan.Of(environment, model, alias, record), record, version, alias);
    }

    private sealed record State(RoutePlan? Plan, RolloutRecord? Record, string? Version, int? Alias);
}
