using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>
/// What clauses of filters admit of each part of the index, a bit a document. A part stays the same while others are written, so that a
/// clause is asked again of new parts alone, whatever else a filter asks for. Takes at most 8 bytes a document, and goes with the part.
/// Thread-safe.
/// </summary>
internal sealed class KeptClauses
{
    private const int MostOfAPart = 64;

    /// <summary>By the part's reader, which is another once documents of the part were removed.</summary>
    private readonly ConditionalWeakTable<AtomicReader, Dictionary<Query, FixedBitSet>> _parts = [];

    /// <summary>Belongs to all who ask: not to be written to.</summary>
    public FixedBitSet Of(AtomicReaderContext leaf, Query clause)
    {
        Dictionary<Query, FixedBitSet> kept = _parts.GetOrCreateValue(leaf.AtomicReader);
        lock (kept)
        {
            if (kept.TryGetValue(clause, out FixedBitSet? known))
            {
                return known;
            }
        }
        FixedBitSet bits = Find(leaf, clause);
        lock (kept)
        {
            if (kept.Count == MostOfAPart)
            {
                kept.Clear();
            }
            kept[clause] = bits;
        }
        return bits;
    }

    /// <summary>The documents that a query finds.</summary>
    public static FixedBitSet Find(AtomicReaderContext leaf, Query query)
    {
        FixedBitSet bits = new(leaf.AtomicReader.MaxDoc);
        if (new QueryWrapperFilter(query).GetDocIdSet(leaf, leaf.AtomicReader.LiveDocs)?.GetIterator() is { } documents)
        {
            bits.Or(documents);
        }
        return bits;
    }
}
