using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>
/// The places that one search admits, for who finds places by other means, by keys. Made in the time of the places that are admitted; stays
/// true of the state that was searched, and outlives the search. Thread-safe.
/// </summary>
public sealed class AdmittedPlaces
{
    private readonly List<(PlaceTable Table, FixedBitSet Admitted, IBits? Live)> _parts = [];
    private readonly Dictionary<ulong, int> _partOf = [];

    internal AdmittedPlaces(IEnumerable<AtomicReaderContext> leaves, AdmittedDocuments admitted, PlaceTables tables, PlaceHash hash)
    {
        foreach (AtomicReaderContext leaf in leaves)
        {
            FixedBitSet bits = admitted.BitsOf(leaf);
            if (bits.Length == 0 || bits.NextSetBit(0) is var first && first < 0)
            {
                continue;
            }
            PlaceTable table = tables.Of(leaf.AtomicReader, hash);
            AddAssets(table.Assets, bits, first);
            _parts.Add((table, bits, leaf.AtomicReader.LiveDocs));
        }
    }

    /// <summary>Assets of which some place is admitted.</summary>
    public int Assets => _partOf.Count;

    /// <summary>Where the places of an asset are looked up; below 0 where none of it is admitted.</summary>
    public int PartOf(ulong asset) => _partOf.TryGetValue(asset, out int part) ? part : -1;

    /// <summary>
    /// Of an asset of which some place is admitted, whether this one is. One that the index does not have, as of passages that another
    /// model cut, is.
    /// </summary>
    public bool Admits(int part, ulong place)
    {
        (PlaceTable table, FixedBitSet admitted, IBits? live) = _parts[part];
        bool isKnown = false;
        for (
            int document = table.Documents.GetValueOrDefault(place, -1);
            document >= 0;
            document = table.Before is { } before ? before[document] : -1
        )
        {
            if (admitted.Get(document))
            {
                return true;
            }
            isKnown |= live?.Get(document) != false;
        }
        return !isKnown;
    }

    /// <summary>Places of an asset stand side by side.</summary>
    private void AddAssets(ulong[] assets, FixedBitSet bits, int first)
    {
        ulong last = 0;
        for (int document = first; document >= 0; document = document + 1 < assets.Length ? bits.NextSetBit(document + 1) : -1)
        {
            if (assets[document] != last)
            {
                last = assets[document];
                _partOf[last] = _parts.Count;
            }
        }
    }
}
