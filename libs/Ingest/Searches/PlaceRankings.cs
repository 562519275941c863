using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Searches;

/// <summary>
/// The places that words and vectors found, as rankings of assets and of the places of one asset. With one ranking its own scores count,
/// with two their ranks.
/// </summary>
internal sealed class PlaceRankings
{
    private readonly IReadOnlyList<WordHit> _words;
    private readonly IReadOnlyList<VectorHit> _vectors;
    private readonly bool _fuses;
    private readonly ILookup<string, WordHit> _wordsOf;
    private readonly ILookup<string, VectorHit> _vectorsOf;

    /// <param name="fuses">Whether both were asked, whatever either found.</param>
    public PlaceRankings(IReadOnlyList<WordHit> words, IReadOnlyList<VectorHit> vectors, bool fuses)
    {
        (_words, _vectors, _fuses) = (words, vectors, fuses);
        _wordsOf = words.ToLookup(hit => hit.Asset, StringComparer.Ordinal);
        _vectorsOf = vectors.ToLookup(hit => hit.Asset, StringComparer.Ordinal);
    }

    /// <summary>An asset stands where its best place does.</summary>
    public IReadOnlyList<Ranked> Assets() => Rank(_words, hit => hit.Asset, _vectors, hit => hit.Asset);

    public IReadOnlyList<Ranked> PlacesOf(string asset) =>
        Rank([.. _wordsOf[asset]], hit => hit.Place, [.. _vectorsOf[asset]], hit => hit.Place);

    public bool IsByWords(string asset, string place) => _wordsOf[asset].Any(hit => hit.Place == place);

    public VectorHit? VectorOf(string asset, string place) => _vectorsOf[asset].FirstOrDefault(hit => hit.Place == place);

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
