using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>A value, and how many of the assets have it.</summary>
public sealed record FacetCount(string Value, int Count);

/// <summary>
/// Counts assets, not places, and those with the same content once: documents of an asset stand side by side (see
/// <see cref="WordFields"/>), so that a value is counted once for each run of them. Reads every document that is counted once.
/// </summary>
/// <param name="isShared">Whether several assets have a content: only what is counted of those is remembered.</param>
internal sealed class FacetCounter(IReadOnlyList<string> fields, Func<string, bool> isShared)
{
    private readonly Dictionary<string, Dictionary<string, int>> _counts = fields
        .Distinct()
        .ToDictionary(field => field, _ => new Dictionary<string, int>(StringComparer.Ordinal));
    private readonly HashSet<(string Content, string Field, string Value)> _shared = [];

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
                        .Take(WordSearch.MostFacetValues),
                ]
        );

    public void Count(AtomicReader reader, DocIdSet? places)
    {
        SortedDocValues? contents = reader.GetSortedDocValues(WordFields.Content);
        if (contents is null || places is null)
        {
            return;
        }
        foreach ((string field, Dictionary<string, int> counts) in _counts)
        {
            if (reader.GetSortedSetDocValues(field) is { } values && places.GetIterator() is { } documents)
            {
                Count(contents, field, values, documents, counts);
            }
        }
    }

    private void Count(
        SortedDocValues contents,
        string field,
        SortedSetDocValues values,
        DocIdSetIterator documents,
        Dictionary<string, int> counts
    )
    {
        Dictionary<long, int> byOrdinal = [];
        HashSet<long> ofContent = [];
        int content = -1;
        string? shared = null;
        for (int document = documents.NextDoc(); document != DocIdSetIterator.NO_MORE_DOCS; document = documents.NextDoc())
        {
            if (contents.GetOrd(document) is var next && next != content)
            {
                content = next;
                ofContent.Clear();
                string name = Read(bytes => contents.LookupOrd(next, bytes));
                shared = isShared(name) ? name : null;
            }
            values.SetDocument(document);
            for (long value = values.NextOrd(); value != SortedSetDocValues.NO_MORE_ORDS; value = values.NextOrd())
            {
                long ordinal = value;
                if (
                    ofContent.Add(ordinal)
                    && (shared is null || _shared.Add((shared, field, Read(bytes => values.LookupOrd(ordinal, bytes)))))
                )
                {
                    byOrdinal[ordinal] = byOrdinal.GetValueOrDefault(ordinal) + 1;
                }
            }
        }
        foreach ((long ordinal, int count) in byOrdinal)
        {
            string value = Read(bytes => values.LookupOrd(ordinal, bytes));
            counts[value] = counts.GetValueOrDefault(value) + count;
        }
    }

    private static string Read(Action<BytesRef> lookUp)
    {
        BytesRef bytes = new();
        lookUp(bytes);
        return bytes.Utf8ToString();
    }
}
