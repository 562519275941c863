using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>What a query admits, as a bit for each document; each part of the index is asked once. For one thread.</summary>
internal sealed class AdmittedDocuments(Query query) : Filter
{
    private readonly QueryWrapperFilter _asked = new(query);

    /// <summary>By the part's reader: its number is another where a query asks for it alone.</summary>
    private readonly Dictionary<AtomicReader, FixedBitSet> _bits = new(ReferenceEqualityComparer.Instance);

    public FixedBitSet BitsOf(AtomicReaderContext leaf)
    {
        if (_bits.TryGetValue(leaf.AtomicReader, out FixedBitSet? bits))
        {
            return bits;
        }
        bits = new FixedBitSet(leaf.AtomicReader.MaxDoc);
        if (_asked.GetDocIdSet(leaf, leaf.AtomicReader.LiveDocs)?.GetIterator() is { } documents)
        {
            bits.Or(documents);
        }
        return _bits[leaf.AtomicReader] = bits;
    }

    public override DocIdSet GetDocIdSet(AtomicReaderContext context, IBits acceptDocs) => BitsOf(context);
}
