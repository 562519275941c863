using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Serverless.Rollout;

/// <summary>The version that an environment's alias names; null when there is no alias.</summary>
public delegate Task<int?> AliasLookup(string environment, string model, CancellationToken cancellationToken);

/// <summary>
/// Makes the versions of a plan ready to answer. The plan is followed once this ends, however it ends; until then the one before is. Null
/// for the one before: the plan is followed already.
/// </summary>
public delegate Task RoutePreparation(RoutePlan? before, RoutePlan next);

/// <summary>
/// Which version answers a request: the rollout records of the models in use, in memory, refreshed by <see cref="RolloutRefresher"/>.
/// One for the process; thread-safe, and without a lock where the model is known.
/// </summary>
public sealed class RolloutTable(
    RolloutStore store,
    AliasLookup aliasOf,
    RoutePreparation prepare,
    RolloutOptions options,
    TimeProvider time,
    ILogger<RolloutTable> log
)
{
    private const int MaxReads = 8;

    /// <summary>A model that nobody asks for is looked at this often only; the next caller waits for a look.</summary>
    private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Environment, string Model), ModelRoutes> _models = new();
    private long _callers;

    /// <param name="key">Callers with the same key meet the same version while the weights stay; null for a caller without one.</param>
    /// <param name="overrideArm">For testing: this arm, whatever the key.</param>
    /// <exception cref="NotServedException">No alias and no record names a version.</exception>
    /// <exception cref="UnknownArmException"/>
    public async ValueTask<Route> ChooseAsync(
        string environment,
        string model,
        string? key,
        string? overrideArm,
        CancellationToken cancellationToken
    )
    {
        RoutePlan plan = await FindPlanAsync(environment, model, cancellationToken) ?? throw new NotServedException(environment, model);
        return Choose(plan, key, overrideArm);
    }

    /// <summary>What is followed now; null where nothing serves the model.</summary>
    public async ValueTask<RoutePlan?> FindPlanAsync(string environment, string model, CancellationToken cancellationToken)
    {
        if (_models.TryGetValue((environment, model), out ModelRoutes? routes) && routes.Current is not null)
        {
            routes.Touch();
            // Where the model was quiet, or the process frozen between two events, no timer has looked.
            if (routes.Age > 2 * options.RefreshEvery)
            {
                await routes.CatchUpAsync(cancellationToken);
            }
            if (routes.Current is { } plan)
            {
                return plan;
            }
        }
        return await LoadPlanAsync(environment, model, cancellationToken);
    }

    /// <summary>Looks at every model in use, now and then at the others, and forgets those that nobody asks for.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        foreach (((string, string) name, ModelRoutes routes) in _models)
        {
            if (routes.Idle > options.ForgetAfter)
            {
                _models.TryRemove(name, out _);
            }
        }
        await Task.WhenAll(
            _models
                .Where(model => model.Value.Idle <= QuietAfter || model.Value.Age > QuietAfter)
                .GroupBy(model => model.Key.Environment, model => model.Value)
                .Select(environment => RefreshAsync(environment.Key, environment, cancellationToken))
        );
    }

    private async Task RefreshAsync(string environment, IEnumerable<ModelRoutes> due, CancellationToken cancellationToken)
    {
        string? marked = await FindMarkAsync(environment, cancellationToken);
        ParallelOptions some = new() { MaxDegreeOfParallelism = MaxReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, some, async (routes, cancelled) => await routes.RefreshAsync(marked, cancelled));
    }

    /// <summary>Null where the store does not say: each model is read then, and the log says what is wrong.</summary>
    private async Task<string?> FindMarkAsync(string environment, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(ModelRoutes.LookLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await store.FindMarkAsync(environment, either.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// As <see cref="FindPlanAsync"/>, for who looks again and again: what the last look found, and no reason to look more often.
    /// </summary>
    public async ValueTask<RoutePlan?> FindLastPlanAsync(string environment, string model, CancellationToken cancellationToken) =>
        _models.GetValueOrDefault((environment, model))?.Current ?? await LoadPlanAsync(environment, model, cancellationToken);

    private async Task<RoutePlan?> LoadPlanAsync(string environment, string model, CancellationToken cancellationToken)
    {
        if (RolloutLayout.Fault(environment) is not null || RolloutLayout.Fault(model) is not null)
        {
            return null;
        }
        ModelRoutes routes = _models.GetOrAdd((environment, model), _ => new ModelRoutes(
            environment,
            model,
            store,
            aliasOf,
            prepare,
            time,
            log
        ));
        RoutePlan? plan = null;
        try
        {
            return plan = await routes.LoadAsync(cancellationToken);
        }
        finally
        {
            // Names that nobody serves are not remembered, or asking for many would fill the memory.
            if (plan is null)
            {
                _models.TryRemove(new((environment, model), routes));
            }
        }
    }

    private Route Choose(RoutePlan plan, string? key, string? overrideArm)
    {
        ulong n = (ulong)Interlocked.Increment(ref _callers);
        ulong seed = (ulong)options.Seed;
        return plan.Choose(key, overrideArm, StickyAssignment.Position(seed, 2 * n), StickyAssignment.Position(seed, 2 * n + 1));
    }
}
