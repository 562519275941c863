using System.Runtime.InteropServices;

namespace Serverless.Vectors;

/// <summary>
/// Exact nearest neighbours by cosine among the vectors of one space, in memory. Of each asset only the newest version is held, so batches
/// may be applied in any order and any number of times. Thread-safe: a search reads an immutable snapshot and never waits for a writer.
/// A vector of d dimensions takes 4 d + 32 bytes and the characters of its place and text; a version adds about 250 bytes, a tombstone 200.
/// </summary>
public sealed class VectorIndex
{
    private readonly Lock _writer = new();
    private readonly Dictionary<string, KnownAsset> _known = new(StringComparer.Ordinal); // guarded by _writer
    private int _assets; // guarded by _writer: the known that have vectors
    private VectorSnapshot _snapshot = VectorSnapshot.Empty; // read by any thread, replaced under _writer

    public VectorIndex(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        Dimensions = dimensions;
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
            return _known.TryGetValue(asset, out KnownAsset known) && known.Owner.Version == version;
        }
    }

    /// <summary>Whether there are vectors of any version of the asset.</summary>
    public bool Holds(string asset)
    {
        lock (_writer)
        {
            return _known.TryGetValue(asset, out KnownAsset known) && !known.Owner.IsTombstone;
        }
    }

    /// <summary>The assets with vectors, in no order.</summary>
    public IReadOnlyList<string> HeldAssets()
    {
        lock (_writer)
        {
            return [.. _known.Where(known => !known.Value.Owner.IsTombstone).Select(known => known.Key)];
        }
    }

    /// <summary>False when this version, or a newer one, is known already.</summary>
    public bool Apply(AssetVectors batch) => Apply([batch]) == 1;

    /// <summary>
    /// Applies all in one step that searches see whole; says how many changed something. Nothing is applied when one is malformed.
    /// </summary>
    public int Apply(IReadOnlyCollection<AssetVectors> batches)
    {
        foreach (AssetVectors batch in batches)
        {
            Check(batch);
        }
        lock (_writer)
        {
            var draft = new SnapshotDraft(_snapshot, Dimensions);
            int changed = batches.Count(batch => Apply(draft, batch));
            if (changed == 0)
            {
                return 0;
            }

            // More dead than living: moved to fresh blocks, a cost that the removals before it have paid for.
            if (draft.Stored > 2 * draft.Live)
            {
                draft = Rewrite(draft);
            }
            Volatile.Write(ref _snapshot, draft.Build(_assets));
            return changed;
        }
    }

    /// <summary>The best first, at most <paramref name="limit"/>; equal scores by asset and place.</summary>
    public IReadOnlyList<VectorHit> Search(ReadOnlySpan<float> query, int limit, string? kind = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
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

        float[] unitQuery = new float[Dimensions];
        Unit.Scale(query, unitQuery);
        return Volatile.Read(ref _snapshot).Search(unitQuery, limit, kind);
    }

    private bool Apply(SnapshotDraft draft, AssetVectors batch)
    {
        AssetVersion owner = batch.Owner;
        ref KnownAsset known = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, batch.Asset, out bool exists);
        if (exists && !owner.Supersedes(known.Owner))
        {
            return false;
        }

        if (exists && !known.Owner.IsTombstone)
        {
            _assets--;
            foreach (Slot slot in known.Slots)
            {
                draft.Remove(slot);
            }
        }

        known = new KnownAsset(owner, [.. batch.Entries.Select(entry => draft.Append(owner, entry))]);
        if (!owner.IsTombstone)
        {
            _assets++;
        }
        return true;
    }

    private SnapshotDraft Rewrite(SnapshotDraft crowded)
    {
        var draft = new SnapshotDraft(VectorSnapshot.Empty, Dimensions);
        foreach (KnownAsset known in _known.Values)
        {
            foreach (ref Slot slot in known.Slots.AsSpan())
            {
                slot = draft.Move(crowded, slot);
            }
        }

        return draft;
    }

    private void Check(AssetVectors batch)
    {
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            ReadOnlySpan<float> vector = batch.Entries[i].Vector.Span;
            if (vector.Length != Dimensions)
            {
                throw new ArgumentException(
                    $"Vector {i} of asset {batch.Asset} has {vector.Length} dimensions; this index holds vectors of {Dimensions}.",
                    nameof(batch)
                );
            }
            if (!Unit.IsFinite(vector))
            {
                throw new ArgumentException($"Vector {i} of asset {batch.Asset} holds an element that is not finite.", nameof(batch));
            }
        }
    }

    private readonly record struct KnownAsset(AssetVersion Owner, Slot[] Slots);
}
