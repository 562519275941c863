using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Searches;

/// <summary>
/// The filters of the last searches as bits of vectors, for as long as the words that they were asked of stay the same: who searches
/// through one filter again and again waits for it once. Those kept, 64 at most, admit a million assets together at most, at about 30 bytes
/// each, and take a bit for each vector: 40 MiB beside a million vectors. Thread-safe.
/// </summary>
internal sealed class RecentFilters
{
    private const int MostFilters = 64;
    private const int MostAssets = 1_000_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, VectorFilter> _kept = new(StringComparer.Ordinal);
    private WeakReference<object>? _state; // of which the kept ones are
    private int _assets; // of the kept ones together

    /// <param name="filter">Of the search, and all that it admits by.</param>
    public VectorFilter Of(WordSearch search, WordFilter filter)
    {
        string key = filter.ToKey();
        lock (_gate)
        {
            if (IsOf(search) && _kept.TryGetValue(key, out VectorFilter? known))
            {
                return known;
            }
        }
        AdmittedPlaces places = search.Admitted(PlaceKey.Of);
        VectorFilter made = FilterOf(places);
        if (places.Assets <= MostAssets)
        {
            Keep(search, key, made, places.Assets);
        }
        return made;
    }

    /// <summary>Of what words bind as well, which no other search asks for.</summary>
    public static VectorFilter FilterOf(WordSearch search) => FilterOf(search.Admitted(PlaceKey.Of));

    private void Keep(WordSearch search, string key, VectorFilter filter, int assets)
    {
        lock (_gate)
        {
            if (!IsOf(search) || _kept.Count == MostFilters || _assets + assets > MostAssets)
            {
                _kept.Clear();
                (_state, _assets) = (new WeakReference<object>(search.State), 0);
            }
            if (_kept.TryAdd(key, filter))
            {
                _assets += assets;
            }
        }
    }

    private static VectorFilter FilterOf(AdmittedPlaces places) => VectorFilter.OfPlaces(places.Find, places.Admits);

    private bool IsOf(WordSearch search) => _state?.TryGetTarget(out object? state) == true && ReferenceEquals(state, search.State);
}
