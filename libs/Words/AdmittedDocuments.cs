using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>What a search admits, as a bit for each document; each part of the index is asked once. For one thread.</summary>
/// <param name="clauses">Which others ask for as well.</param>
/// <param name="own">What else must hold; null where nothing must.</param>
internal sealed class AdmittedDocuments(KeptClauses kept, IReadOnlyList<Query> clauses, Query? own) : Filter
{
    /// <summary>By the part's reader: its number is another where a query asks for it alone.</summary>
    private readonly Dictionary<AtomicReader, FixedBitSet> _bits = new(ReferenceEqualityComparer.Instance);

    /// <summary>Not to be written to.</summary>
    public FixedBitSet BitsOf(AtomicReaderContext leaf)
    {
        if (_bits.TryGetValue(leaf.AtomicReader, out FixedBitSet? bits))
        {
            return bits;
        }
        List<FixedBitSet> all = [.. clauses.Select(clause => kept.Of(leaf, clause))];
        if (own is not null)
        {
            all.Add(KeptClauses.Find(leaf, own));
        }
        bits = all.Count == 1 ? all[0] : all[0].Clone();
        foreach (FixedBitSet other in all.Skip(1))
        {
            bits.And(other);
        }
        return _bits[leaf.AtomicReader] = bits;
    }

    public override DocIdSet GetDocIdSet(AtomicReaderContext context, IBits acceptDocs) => BitsOf(context);
}
