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
    private readonly Dictionary<ulong, long> _assets = []; // by key: the part, and there the first document

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
    public int Assets => _assets.Count;

    /// <summary>Where the places of an asset are looked up; below 0 where none of it is admitted.</summary>
    public long Find(ulong asset) => _assets.TryGetValue(asset, out long found) ? found : -1;

    /// <summary>
    /// Of an asset of which some place is admitted, whether this one is. One that the index does not have, as of passages that another
    /// model cut, is.
    /// </summary>
    /// <param name="asset">As it was found.</param>
    /// <param name="nth">Which of its places it may be: most often that is so.</param>
    public bool Admits(long asset, int nth, ulong place)
    {
        (PlaceTable table, FixedBitSet admitted, IBits? live) = _parts[(int)(asset >> 32)];
        int likely = (int)asset + nth;
        if (table.Before is null && likely < table.Places.Length && table.Places[likely] == place)
        {
            return admitted.Get(likely);
        }
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
            if (assets[document] == last)
            {
                continue;
            }
            last = assets[document];
            int begin = document;
            while (begin > 0 && assets[begin - 1] == last)
            {
                begin--;
            }
            _assets[last] = (long)_parts.Count << 32 | (uint)begin;
        }
    }
}
