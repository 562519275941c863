using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>A value, and how many of the assets have it.</summary>
public sealed record FacetCount(string Value, int Count);

/// <summary>
/// Counts assets, not places: documents of an asset stand side by side (see <see cref="WordFields"/>), so that a value is counted once for
/// each run of them. Reads every document that is counted once.
/// </summary>
internal sealed class FacetCounter(IReadOnlyList<string> fields)
{
    public const int MostValues = 20;

    private readonly Dictionary<string, Dictionary<string, int>> _counts = fields
        .Distinct()
        .ToDictionary(field => field, _ => new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>The most frequent values of each field.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Counts =>
        _counts.ToDictionary(
            counted => counted.Key,
            IReadOnlyList<FacetCount> (counted) =>
                [
                    .. counted
                        .Value.Select(value => new FacetCount(value.Key, value.Value))
                        .OrderByDescending(value => value.Count)
                        .ThenBy(value => value.Value, StringComparer.Ordinal)
                        .Take(MostValues),
                ]
        );

    public void Count(AtomicReader reader, DocIdSet? places)
    {
        SortedDocValues? assets = reader.GetSortedDocValues(WordFields.Asset);
        if (assets is null || places is null)
        {
            return;
        }
        foreach ((string field, Dictionary<string, int> counts) in _counts)
        {
            if (reader.GetSortedSetDocValues(field) is { } values && places.GetIterator() is { } documents)
            {
                Count(assets, values, documents, counts);
            }
        }
    }

    private static void Count(SortedDocValues assets, SortedSetDocValues values, DocIdSetIterator documents, Dictionary<string, int> counts)
    {
        Dictionary<long, int> byOrdinal = [];
        HashSet<long> ofAsset = [];
        int asset = -1;
        for (int document = documents.NextDoc(); document != DocIdSetIterator.NO_MORE_DOCS; document = documents.NextDoc())
        {
            if (assets.GetOrd(document) is var next && next != asset)
            {
                asset = next;
                ofAsset.Clear();
            }
            values.SetDocument(document);
            for (long value = values.NextOrd(); value != SortedSetDocValues.NO_MORE_ORDS; value = values.NextOrd())
            {
                if (ofAsset.Add(value))
                {
                    byOrdinal[value] = byOrdinal.GetValueOrDefault(value) + 1;
                }
            }
        }
        BytesRef bytes = new();
        foreach ((long ordinal, int count) in byOrdinal)
        {
            values.LookupOrd(ordinal, bytes);
            string value = bytes.Utf8ToString();
            counts[value] = counts.GetValueOrDefault(value) + count;
        }
    }
}
