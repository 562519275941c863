using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>
/// Every place of the assets that have one which a query finds: who excludes a word wants no asset with it, wherever it stands there. The
/// places of an asset stand side by side (see <see cref="WordFields"/>), so that it costs the places that are given.
/// </summary>
internal sealed class WholeAssets(Query query) : Filter
{
    public override DocIdSet? GetDocIdSet(AtomicReaderContext context, IBits acceptDocs)
    {
        AtomicReader reader = context.AtomicReader;
        if (
            reader.GetSortedDocValues(WordFields.Asset) is not { } assets
            || new QueryWrapperFilter(query).GetDocIdSet(context, reader.LiveDocs)?.GetIterator() is not { } found
        )
        {
            return null;
        }
        FixedBitSet places = new(reader.MaxDoc);
        for (int document = found.NextDoc(); document != DocIdSetIterator.NO_MORE_DOCS; )
        {
            (int first, int end) = (document, document + 1);
            int asset = assets.GetOrd(document);
            while (first > 0 && assets.GetOrd(first - 1) == asset)
            {
                first--;
            }
            while (end < reader.MaxDoc && assets.GetOrd(end) == asset)
            {
                end++;
            }
            places.Set(first, end);
            document = found.Advance(end);
        }
        return places;
    }
}
