using System.Collections.Concurrent;
using Serverless.Ingest.Models;

namespace Serverless.Ingest.Index;

/// <summary>
/// Searches stay with one version of a model although the alias names another, whose space lacks assets that the space of the first has.
/// </summary>
/// <param name="Serving">That answers until then.</param>
/// <param name="Assets">In the space of the version that serves.</param>
/// <param name="Lacking">Of those, how many the wanted one had no vectors of when they were last counted.</param>
/// <param name="Since">When they became as few; before, there were more, or none was awaited.</param>
public sealed record AwaitedSpace(
    ModelRole Role,
    EmbeddingVersion Serving,
    EmbeddingVersion Wanted,
    int Assets,
    int Lacking,
    DateTimeOffset Since
);

/// <summary>
/// The spaces that searches are to turn to, and whether they still fill: a reanalysis that gives an asset up ends without it, and nothing
/// turns then. Written by one look at a time; read from any thread.
/// </summary>
public sealed class AwaitedSpaces(IAssetIndex index, TimeProvider time)
{
    /// <summary>Of a million assets it takes a tenth of a second.</summary>
    private static readonly TimeSpan CountPeriod = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ModelRole, (AwaitedSpace Space, DateTimeOffset Counted)> _awaited = new();

    /// <summary>Those that have not filled for so long.</summary>
    public IEnumerable<AwaitedSpace> StuckFor(TimeSpan limit) =>
        _awaited
            .Values.Select(awaited => awaited.Space)
            .Where(space => time.GetUtcNow() - space.Since >= limit)
            .OrderBy(space => space.Role);

    internal void Follow(ModelRole role, EmbeddingVersion serving, EmbeddingVersion wanted)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool isKnown = _awaited.TryGetValue(role, out var known) && known.Space.Serving == serving && known.Space.Wanted == wanted;
        if (isKnown && now - known.Counted < CountPeriod)
        {
            return;
        }
        if (index.CoverageOf(wanted.Space, serving.Space, least: 0) is not { } coverage)
        {
            Forget(role); // what is damaged or not yet loaded is told of by others
            return;
        }
        int assets = index.Counts.FirstOrDefault(count => count.Space == serving.Space)?.Assets ?? 0;
        int lacking = (int)Math.Round((1 - coverage) * assets);
        DateTimeOffset since = isKnown && lacking >= known.Space.Lacking ? known.Space.Since : now;
        AwaitedSpace space = new(role, serving, wanted, assets, lacking, since);
        _awaited[role] = (space, now);
    }

    internal void Forget(ModelRole role) => _awaited.TryRemove(role, out _);
}
