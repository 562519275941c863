using Serverless.Vectors.Rows;
using Serverless.Vectors.Searching;

namespace Serverless.Vectors;

/// <summary>
/// Nearest neighbours by cosine among the vectors of one space. Of each asset only the newest version is held, so batches may be applied in
/// any order and any number of times. Thread-safe: a search reads an immutable snapshot, takes no lock and never waits for a writer. What
/// is scanned lies in memory up to a bound and is mapped beyond it; see <see cref="VectorIndexOptions"/>. Once disposed of it is empty and
/// takes nothing more: whoever still reads, writes or refreshes it meanwhile comes to no harm.
/// </summary>
public sealed partial class VectorIndex : IDisposable
{
    /// <summary>A search gives so many hits at most.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>Rows have a byte for theirs.</summary>
    private const int MaxKinds = byte.MaxValue + 1;

    private readonly Lock _writer = new();
    private readonly VectorIndexOptions _options;
    private AssetDirectory _directory = new(); // guarded by _writer
    private bool _isClosed; // guarded by _writer
    private Dictionary<string, VectorFilter> _kindFilters = new(StringComparer.Ordinal); // read by any thread, replaced under _writer
    private VectorSnapshot _snapshot = VectorSnapshot.Empty; // read by any thread, replaced under _writer

    public VectorIndex(int dimensions, VectorIndexOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        Dimensions = dimensions;
        _options = options ?? new VectorIndexOptions();
        _spills = new SpillFolder(_options.CacheFolder);
    }

    public int Dimensions { get; }

    public int Vectors => Volatile.Read(ref _snapshot).Vectors;

    /// <summary>Assets with at least one vector.</summary>
    public int Assets => Volatile.Read(ref _snapshot).Assets;

    /// <summary>Whether exactly this version is the newest known one, with vectors or without.</summary>
    public bool Knows(string asset, string version)
    {
        lock (_writer)
        {
            return Find(asset) is { } owner && owner.Version == version;
        }
    }

    /// <summary>Whether the newest version that is known of the asset is this one, in all that tells versions apart.</summary>
    public bool Has(VectorVersion version)
    {
        lock (_writer)
        {
            return Find(version.Asset) is { } owner && VectorVersion.Of(owner) == version;
        }
    }

    /// <summary>Whether nothing newer is known of the asset than this, down to whether it is a tombstone.</summary>
    public bool IsNewest(AssetVectors batch)
    {
        lock (_writer)
        {
            return Find(batch.Asset) is not { } owner || !owner.Supersedes(batch.Owner);
        }
    }

    /// <summary>Whether the asset is known, and nothing of it is left.</summary>
    public bool IsGone(string asset)
    {
        lock (_writer)
        {
            return Find(asset) is { IsTombstone: true };
        }
    }

    /// <summary>Whether there are vectors of any version of the asset.</summary>
    public bool Holds(string asset)
    {
        lock (_writer)
        {
            return Find(asset) is { IsTombstone: false };
        }
    }

    /// <summary>The assets with vectors, in no order.</summary>
    public IReadOnlyList<string> HeldAssets()
    {
        lock (_writer)
        {
            return
            [
                .. Enumerable
                    .Range(0, _directory.Count)
                    .Select(ordinal => _directory[ordinal] is var place ? place.Rows.Owner(place.Asset) : null)
                    .Where(owner => owner is { IsTombstone: false })
                    .Select(owner => owner!.Asset),
            ];
        }
    }

    /// <summary>The number of an asset that was ever applied: it stays the same while the index lives.</summary>
    public bool TryFindOrdinal(string asset, out int ordinal)
    {
        lock (_writer)
        {
            return _directory.TryFind(asset, out ordinal);
        }
    }

    /// <summary>Those of the assets that the index knows, for <see cref="VectorFilter.OfAssets"/>.</summary>
    public AssetSet AssetsOf(IEnumerable<string> assets)
    {
        lock (_writer)
        {
            return new AssetSet(
                assets.Select(asset => _directory.TryFind(asset, out int ordinal) ? ordinal : -1).Where(known => known >= 0)
            );
        }
    }

    /// <summary>The best first, at most <paramref name="limit"/>; equal scores by asset and place.</summary>
    public IReadOnlyList<VectorHit> Search(ReadOnlySpan<float> query, int limit, string? kind = null)
    {
        VectorFilter? filter = kind is null ? null : Volatile.Read(ref _kindFilters).GetValueOrDefault(kind) ?? VectorFilter.OfKind(kind);
        return Search(query, limit, filter, SearchDepth.Chosen);
    }

    /// <summary>
    /// The best first of those that the filter lets through, at most <paramref name="limit"/>. Scores are those of the vectors themselves.
    /// Among some 5,000 rows and more, a hit may be missed whose codes or signs mislead: the benchmark has how many.
    /// </summary>
    /// <exception cref="ArgumentException">The query has another length, an element that is not finite, or no direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not from 1 to <see cref="MaxLimit"/>.</exception>
    public IReadOnlyList<VectorHit> Search(
        ReadOnlySpan<float> query,
        int limit,
        VectorFilter? filter,
        SearchDepth depth = SearchDepth.Chosen
    )
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(limit), limit, $"Allowed are 1 to {MaxLimit} hits.");
        }
        EncodedQuery encoded = new(UnitOf(query));
        while (true)
        {
            VectorSnapshot snapshot = Volatile.Read(ref _snapshot);
            if (!snapshot.TryEnter())
            {
                continue; // replaced in this moment, and its rows given up: the next one is there already
            }
            try
            {
                return new SnapshotSearch(snapshot, encoded, limit, depth).Run(filter);
            }
            finally
            {
                snapshot.Leave();
            }
        }
    }

    private float[] UnitOf(ReadOnlySpan<float> query)
    {
        if (query.Length != Dimensions)
        {
            throw new ArgumentException(
                $"The query has {query.Length} dimensions; this index holds vectors of {Dimensions}.",
                nameof(query)
            );
        }
        if (!Unit.IsFinite(query))
        {
            throw new ArgumentException("The query holds an element that is not finite.", nameof(query));
        }
        float[] unit = new float[Dimensions];
        Unit.Scale(query, unit);
        return unit.AsSpan().ContainsAnyExcept(0f)
            ? unit
            : throw new ArgumentException("The query is all zeros: it has no direction.", nameof(query));
    }

    private AssetVersion? Find(string asset) =>
        _directory.TryFind(asset, out int ordinal) && _directory[ordinal] is var place ? place.Rows.Owner(place.Asset) : null;
}
