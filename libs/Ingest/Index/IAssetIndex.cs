using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Models;

namespace Serverless.Ingest.Index;

/// <summary>
/// What can be searched, kept in step with the analyses: the engine that is built in, or a search service. Lives as long as the process;
/// thread-safe.
/// </summary>
public interface IAssetIndex
{
    IReadOnlyList<SpaceCount> Counts { get; }

    /// <summary>Names of the spaces that are held.</summary>
    IReadOnlyList<string> Spaces { get; }

    /// <summary>Of what is stored, what cannot be read: it may be missing from answers until a reconcile has written it again.</summary>
    IReadOnlyList<DamagedSegment> Damaged { get; }

    /// <summary>Loads or makes a space that is not held yet; from then on it is written to as well.</summary>
    Task HoldAsync(ModelRole role, VectorSpace space, CancellationToken cancellationToken);

    /// <summary>Forgets a space.</summary>
    void Drop(string space);

    /// <summary>Names the space of texts that answers what the index knows.</summary>
    void Search(string texts);

    /// <summary>Whether the newest version known is this one, so that adding it again would change nothing.</summary>
    bool Knows(string asset, string version);

    bool Holds(string asset);

    /// <summary>Whether a space has vectors of the asset; false of a space that is not held.</summary>
    bool Holds(string space, string asset);

    /// <summary>
    /// Share of the assets of another space that a space holds, from 0 to 1; 1 of an empty one, null where either is not held, or damage
    /// hides how much the other holds. Counted exactly only where it can reach <paramref name="least"/>; else it may be an upper bound.
    /// </summary>
    double? CoverageOf(string space, string comparedWith, double least);

    /// <summary>Takes over what lies beside the analysis of a version. False when none of the held spaces has any of it.</summary>
    Task<bool> AddAsync(AssetSource source, CancellationToken cancellationToken);

    /// <summary>Forgets an asset that is no longer in its store.</summary>
    /// <param name="asOf">What is later stays; now where it is null.</param>
    Task RemoveAsync(string asset, string version, CancellationToken cancellationToken, DateTimeOffset? asOf = null);

    /// <summary>Takes what was kept of a removed asset out of wherever it is still held.</summary>
    Task EraseAsync(string asset, CancellationToken cancellationToken);

    /// <summary>Deletes what spaces have that nothing names, where the newest of it is as old.</summary>
    Task DeleteUnheldAsync(TimeSpan unchangedFor, CancellationToken cancellationToken);

    /// <summary>
    /// Takes over what other instances wrote or removed. Asked for every few seconds: costs little where that is nothing.
    /// </summary>
    Task CatchUpAsync(CancellationToken cancellationToken);

    /// <summary>The same, and tidies up.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Removes what is damaged, once all that is no longer known has been added again since it was found.</summary>
    Task SetAsideAsync(IReadOnlyCollection<DamagedSegment> damaged, CancellationToken cancellationToken);
}
