using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Searches;

/// <summary>
/// The places that words and vectors found, as rankings of contents, of the assets with one content, and of the places of one asset. With
/// one ranking its own scores count, with two their ranks; a place has its rank among those of all assets, since within one the best that
/// vectors find would always stand beside the best words, however far it is.
/// </summary>
internal sealed class PlaceRankings
{
    private readonly IReadOnlyList<WordHit> _words;
    private readonly IReadOnlyList<VectorHit> _vectors;
    private readonly bool _fuses;
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _assetsOf;
    private readonly ILookup<string, WordHit> _wordsOf;
    private readonly ILookup<string, VectorHit> _vectorsOf;
    private readonly Lazy<ILookup<string, Ranked>> _places;

    /// <param name="contentOf">Names the content of an asset that only vectors found.</param>
    /// <param name="fuses">Whether both were asked, whatever either found.</param>
    public PlaceRankings(IReadOnlyList<WordHit> words, IReadOnlyList<VectorHit> vectors, Func<string, string> contentOf, bool fuses)
    {
        (_words, _vectors, _fuses) = (words, vectors, fuses);
        _wordsOf = words.ToLookup(hit => hit.Asset, StringComparer.Ordinal);
        _vectorsOf = vectors.ToLookup(hit => hit.Asset, StringComparer.Ordinal);
        _places = new(RankPlaces);
        foreach (WordHit hit in words)
        {
            _contents[hit.Asset] = hit.Content;
        }
        foreach (VectorHit hit in vectors)
        {
            if (!_contents.ContainsKey(hit.Asset))
            {
                _contents[hit.Asset] = contentOf(hit.Asset);
            }
        }
        _assetsOf = _contents.ToLookup(asset => asset.Value, asset => asset.Key, StringComparer.Ordinal);
    }

    /// <summary>A content stands where its best place does.</summary>
    public IReadOnlyList<Ranked> Contents() => Rank(_words, hit => hit.Content, _vectors, hit => _contents[hit.Asset]);

    /// <summary>
    /// The asset with a content that has the best words, then the best vector; of equal ones the first by name. Scores are compared, for
    /// equal ones have different ranks.
    /// </summary>
    public string BestOf(string content) =>
        _assetsOf[content]
            .OrderByDescending(asset => _wordsOf[asset].Select(hit => hit.Score).DefaultIfEmpty(float.MinValue).Max())
            .ThenByDescending(asset => _vectorsOf[asset].Select(hit => hit.Score).DefaultIfEmpty(float.MinValue).Max())
            .ThenBy(asset => asset, StringComparer.Ordinal)
            .First();

    /// <summary>The best first; of equal ones those that are a part of it, since they show more than its name does.</summary>
    public IEnumerable<Ranked> PlacesOf(string asset) =>
        _places.Value[asset].OrderByDescending(place => place.Score).ThenBy(place => place.Key.Length == 0);

    public bool IsByWords(string asset, string place) => _wordsOf[asset].Any(hit => hit.Place == place);

    public VectorHit? VectorOf(string asset, string place) => _vectorsOf[asset].FirstOrDefault(hit => hit.Place == place);

    /// <summary>By their assets.</summary>
    private ILookup<string, Ranked> RankPlaces()
    {
        Dictionary<string, (string Asset, string Place)> found = new(StringComparer.Ordinal);
        return Rank(_words, hit => Add(hit.Asset, hit.Place), _vectors, hit => Add(hit.Asset, hit.Place))
            .ToLookup(ranked => found[ranked.Key].Asset, ranked => ranked with { Key = found[ranked.Key].Place }, StringComparer.Ordinal);

        string Add(string asset, string place)
        {
            string key = $"{asset}\n{place}";
            found[key] = (asset, place);
            return key;
        }
    }

    private IReadOnlyList<Ranked> Rank(
        IReadOnlyList<WordHit> words,
        Func<WordHit, string> keyOfWord,
        IReadOnlyList<VectorHit> vectors,
        Func<VectorHit, string> keyOfVector
    ) =>
        _fuses
            ? RankFusion.Fuse(words.Select(keyOfWord), vectors.Select(keyOfVector))
            : RankFusion.InOrder(
                words
                    .Select(hit => new Ranked(keyOfWord(hit), hit.Score))
                    .Concat(vectors.Select(hit => new Ranked(keyOfVector(hit), hit.Score)))
                    .GroupBy(one => one.Key, StringComparer.Ordinal)
                    .Select(same => new Ranked(same.Key, same.Max(one => one.Score)))
            );
}
