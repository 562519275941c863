using System.Runtime.CompilerServices;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Searches;

/// <summary>
/// The filters of the last searches as bits of vectors, for as long as the words that they were asked of stay the same: who searches
/// through one filter again and again waits for it once. Those kept, 64 at most, take a bit for each vector and one for each place: 16 MiB
/// beside a million of each. Thread-safe.
/// </summary>
internal sealed class RecentFilters
{
    private const int MostFilters = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, VectorFilter> _kept = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<PlaceKeys, PlaceTable> _tables = [];
    private WeakReference<object>? _state; // of which the kept ones are

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
        VectorFilter made = Of(search);
        lock (_gate)
        {
            if (!IsOf(search) || _kept.Count == MostFilters)
            {
                _kept.Clear();
                _state = new WeakReference<object>(search.State);
            }
            _kept.TryAdd(key, made);
        }
        return made;
    }

    /// <summary>Of what words bind as well, which no other search asks for.</summary>
    public VectorFilter Of(WordSearch search) =>
        VectorFilter.OfPlaces([
            .. search.Admitted(PlaceKey.Of).Select(part => new AdmittedTable(_tables.GetValue(part.Keys, TableOf), part.Bits)),
        ]);

    private static PlaceTable TableOf(PlaceKeys keys) => new(keys.Assets, keys.Places);

    private bool IsOf(WordSearch search) => _state?.TryGetTarget(out object? state) == true && ReferenceEquals(state, search.State);
}
