using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Inference.Serving;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Models;
using Serverless.Rollout;
using Serverless.Serving;

namespace Serverless.Ingest.Index;

/// <summary>
/// Has the index hold the spaces that embedding models are written to now, and turns searches to the space of the version that the alias
/// names as soon as it holds what the one before holds. Spaces that nothing names any longer are dropped, and deleted after the grace.
/// Loads what is searched before the host calls itself ready; then looks every second.
/// </summary>
internal sealed class IndexSpaces(
    AssetIndex index,
    ServingSpaces spaces,
    RolloutTable routes,
    Predictor predictor,
    RolesOptions roles,
    TimeProvider time,
    ILogger<IndexSpaces> log
) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeletionPeriod = TimeSpan.FromHours(1);
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(string Model, int Version), EmbeddingVersion> _seen = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach ((ModelRole role, string model) in Embedding())
        {
            if (await spaces.FindAsync(model, cancellationToken) is { } space)
            {
                await HoldAsync(role, space.Kept(time.GetUtcNow()), cancellationToken);
                Search(role, model, space);
            }
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>One look at all embedding models.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        bool isComplete = true;
        foreach ((ModelRole role, string model) in Embedding())
        {
            try
            {
                named.UnionWith(await LookAsync(role, model, cancellationToken));
                _told.Remove(model);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                isComplete = false;
                if (_told.Add(model))
                {
                    log.SpacesNotKept(model, e.Message);
                }
            }
        }
        foreach (string space in isComplete ? index.Spaces.Where(space => !named.Contains(space)) : [])
        {
            index.Drop(space);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
            await index.DeleteUnheldAsync(roles.RollbackGrace, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.SpacesNotKept("any", e.Message);
        }
    }

    private async Task<IEnumerable<string>> LookAsync(ModelRole role, string model, CancellationToken cancellationToken)
    {
        ServingSpace? space = await spaces.FindAsync(model, cancellationToken);
        if (await routes.FindPlanAsync(roles.Environment, model, cancellationToken) is not { } plan)
        {
            return space?.Kept(time.GetUtcNow()).Select(kept => kept.Space) ?? [];
        }
        List<EmbeddingVersion> versions = [];
        foreach (int version in plan.Versions)
        {
            versions.Add(await FindAsync(model, version, cancellationToken));
        }
        space ??= await spaces.UpdateAsync(
            model,
            before => before ?? new ServingSpace(model, versions[0], time.GetUtcNow()),
            cancellationToken
        );
        versions.AddRange(space.Kept(time.GetUtcNow()));
        await HoldAsync(role, versions, cancellationToken);
        Search(role, model, await FollowAsync(model, space, versions[0], cancellationToken));
        return versions.Select(version => version.Space);
    }

    /// <summary>Turns to the version that the alias names once its space is as full as it must be.</summary>
    private async Task<ServingSpace> FollowAsync(
        string model,
        ServingSpace space,
        EmbeddingVersion stable,
        CancellationToken cancellationToken
    )
    {
        if (
            stable == space.Serving
            || index.CoverageOf(stable.Space, space.Serving.Space) is not { } coverage
            || coverage < roles.SwitchCoverage
        )
        {
            return space;
        }
        ServingSpace turned = await spaces.UpdateAsync(
            model,
            before => before == space ? space.Turn(stable, time.GetUtcNow(), roles.RollbackGrace) : before!,
            cancellationToken
        );
        log.SearchTurned(model, stable.Version, space.Serving.Version, coverage);
        return turned;
    }

    private async Task HoldAsync(ModelRole role, IEnumerable<EmbeddingVersion> versions, CancellationToken cancellationToken)
    {
        foreach (EmbeddingVersion version in versions)
        {
            await index.HoldAsync(role, version.ToSpace(), cancellationToken);
        }
    }

    private void Search(ModelRole role, string model, ServingSpace space)
    {
        if (role == ModelRole.TextEmbedding && model == roles.Searched(ModelRole.TextEmbedding))
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
        EmbeddingVersion found = new(version, VectorSpace.Of(lease.Model.Reference, dimensions).Name, dimensions);
        return _seen[(model, version)] =
            dimensions > 0
                ? found
                : throw new InvalidOperationException(
                    $"Model {model}/{version} is for {lease.Model.Task}; the role needs one that embeds."
                );
    }

    private IEnumerable<(ModelRole Role, string Model)> Embedding() =>
        Enum.GetValues<ModelRole>().Where(role => role.Embeds()).SelectMany(role => roles.Of(role).Select(model => (role, model)));
}
