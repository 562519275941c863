using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Inference.Serving;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Rollout;
using Serverless.Serving;

namespace Serverless.Ingest.Index;

/// <summary>
/// Has the index hold the spaces that embedding models write to now, and turns searches to the space of the version that the alias of a
/// role's first model names as soon as it holds what the one before holds. Spaces that nothing names any longer are dropped, and deleted
/// after the grace. Loads what is searched before the host calls itself ready; then looks every second, and every five seconds takes over
/// what other instances wrote and removed.
/// </summary>
internal sealed class IndexSpaces(
    IAssetIndex index,
    ServingSpaces spaces,
    RolloutTable routes,
    Predictor predictor,
    AwaitedSpaces awaited,
    RolesOptions roles,
    TimeProvider time,
    ILogger<IndexSpaces> log
) : BackgroundService, IHostedLifecycleService
{
    private static readonly ModelRole[] Embedding = [.. Enum.GetValues<ModelRole>().Where(role => role.Embeds())];
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CatchUpPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeletionPeriod = TimeSpan.FromHours(1);

    /// <summary>Another instance may have begun to fill a space that this one has yet to hear of, however short the grace.</summary>
    private static readonly TimeSpan LeastGrace = TimeSpan.FromHours(1);

    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(string Model, int Version), EmbeddingVersion> _seen = new();
    private readonly HashSet<ModelRole> _told = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (ModelRole role in Embedding)
        {
            try
            {
                if (await spaces.FindAsync(role, cancellationToken) is { } space)
                {
                    await HoldAsync(role, space.Kept(time.GetUtcNow()), cancellationToken);
                    Search(role, space);
                }
            }
            catch (SearchServiceException e)
            {
                log.SpacesNotKept(role, e.Message); // what does not ask it goes on, and each look tries again
            }
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>One look at all roles that embed.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (ModelRole role in Embedding)
        {
            try
            {
                named.UnionWith(await LookAsync(role, cancellationToken));
                _told.Remove(role);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (_told.Add(role))
                {
                    log.SpacesNotKept(role, e.Message);
                }
            }
        }
        foreach (string space in _told.Count == 0 ? index.Spaces.Where(space => !named.Contains(space)) : [])
        {
            index.Drop(space);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeepLookingAsync(stoppingToken), KeepCatchingUpAsync(stoppingToken));

    private async Task KeepCatchingUpAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(CatchUpPeriod, time);
        string? told = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await index.CatchUpAsync(stoppingToken);
                told = null;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (told != e.Message)
                {
                    log.OthersNotFollowed(e.Message);
                }
                told = e.Message; // one that lasts is told once
            }
        }
    }

    private async Task KeepLookingAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        long deleted = time.GetTimestamp();
        do
        {
            await LookAsync(stoppingToken);
            if (time.GetElapsedTime(deleted) > DeletionPeriod && _told.Count == 0)
            {
                deleted = time.GetTimestamp();
                await TryDeleteAsync(stoppingToken);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryDeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan grace = roles.RollbackGrace > LeastGrace ? roles.RollbackGrace : LeastGrace;
            await index.DeleteUnheldAsync(grace, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.SpacesNotDeleted(e.Message);
        }
    }

    /// <returns>The names of the spaces that the role is written to.</returns>
    private async Task<IEnumerable<string>> LookAsync(ModelRole role, CancellationToken cancellationToken)
    {
        ServingSpace? space = await spaces.FindAsync(role, cancellationToken);
        EmbeddingVersion? wanted = null; // which the alias of the role's first model names
        List<EmbeddingVersion> versions = [];
        foreach (string model in roles.Of(role))
        {
            if (await routes.FindLastPlanAsync(roles.Environment, model, cancellationToken) is not { } plan)
            {
                continue;
            }
            foreach (int version in plan.Versions)
            {
                versions.Add(await FindAsync(model, version, cancellationToken));
            }
            wanted ??= model == roles.Searched(role) ? versions[0] : null;
        }
        if (wanted is not null)
        {
            space ??= await spaces.UpdateAsync(role, before => before ?? new ServingSpace(wanted, time.GetUtcNow()), cancellationToken);
        }
        versions.AddRange(space?.Kept(time.GetUtcNow()) ?? []);
        await HoldAsync(role, versions, cancellationToken);
        if (space is not null)
        {
            Search(role, wanted is null ? space : await FollowAsync(role, space, wanted, cancellationToken));
        }
        return versions.Select(version => version.Space);
    }

    /// <summary>Turns to the version that the alias names once its space is as full as it must be.</summary>
    private async Task<ServingSpace> FollowAsync(
        ModelRole role,
        ServingSpace space,
        EmbeddingVersion wanted,
        CancellationToken cancellationToken
    )
    {
        if (wanted == space.Serving)
        {
            awaited.Forget(role);
            return space;
        }
        if (
            index.CoverageOf(wanted.Space, space.Serving.Space, roles.SwitchCoverage) is not { } coverage
            || coverage < roles.SwitchCoverage
        )
        {
            awaited.Follow(role, space.Serving, wanted);
            return space;
        }
        ServingSpace turned = await spaces.UpdateAsync(
            role,
            before => before == space ? space.Turn(wanted, time.GetUtcNow(), roles.RollbackGrace) : before!,
            cancellationToken
        );
        log.SearchTurned($"{wanted.Model}/{wanted.Version}", $"{space.Serving.Model}/{space.Serving.Version}", coverage);
        return turned;
    }

    private async Task HoldAsync(ModelRole role, IEnumerable<EmbeddingVersion> versions, CancellationToken cancellationToken)
    {
        foreach (EmbeddingVersion version in versions)
        {
            await index.HoldAsync(role, version.ToSpace(), cancellationToken);
        }
    }

    private void Search(ModelRole role, ServingSpace space)
    {
        if (role == ModelRole.TextEmbedding)
        {
            index.Search(space.Serving.Space);
        }
    }

    private async Task<EmbeddingVersion> FindAsync(string model, int version, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue((model, version), out EmbeddingVersion? known))
        {
            return known;
        }
        CallTerms terms = new(roles.Environment, null, null, RequestPriority.Low, time.GetUtcNow() + LoadLimit, time.GetTimestamp());
        using ModelLease lease = await predictor.LeaseAsync(model, version, terms, cancellationToken);
        int dimensions = lease.Model.Dimensions;
        EmbeddingVersion found = new(model, version, VectorSpace.Of(lease.Model.Reference, dimensions).Name, dimensions);
        return _seen[(model, version)] =
            dimensions > 0
                ? found
                : throw new InvalidOperationException(
                    $"Model {model}/{version} is for {lease.Model.Task}; the role needs one that embeds."
                );
    }
}
