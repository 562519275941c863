using Serverless.Ingest.Searches;
using Serverless.Vectors;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Ingest.Searches;

public sealed class PlaceRankingsTests
{
    [Fact]
    public void PlacesOf_ANameAndAPassageThatRankAlike_BeginsWithThePassage()
    {
        PlaceRankings rankings = new([Words("", 3)], [Vector("char=0,338", 0.6f)], asset => asset, fuses: true);

        Assert.Equal(["char=0,338", ""], rankings.PlacesOf("storm").Select(place => place.Key));
    }

    [Fact]
    public void PlacesOf_ANameThatBothFound_BeginsWithIt()
    {
        PlaceRankings rankings = new(
            [Words("", 3), Words("char=0,338", 2)],
            [Vector("", 0.7f), Vector("char=338,700", 0.6f)],
            asset => asset,
            fuses: true
        );

        Assert.Equal(["", "char=0,338", "char=338,700"], rankings.PlacesOf("storm").Select(place => place.Key));
    }

    [Fact]
    public void PlacesOf_WordsBesideAVectorThatIsFarFromTheBest_BeginsWithTheWords()
    {
        PlaceRankings rankings = new(
            [Words("", 3)],
            [Vector("char=0,9", 0.9f) with { Asset = "other" }, Vector("char=338,700", 0.2f)],
            asset => asset,
            fuses: true
        );

        Assert.Equal(["", "char=338,700"], rankings.PlacesOf("storm").Select(place => place.Key));
    }

    [Fact]
    public void PlacesOf_OneRankingAlone_AreItsOwn()
    {
        PlaceRankings rankings = new([Words("a", 1), Words("b", 2)], [], asset => asset, fuses: false);

        Assert.Equal([("b", 2.0), ("a", 1.0)], rankings.PlacesOf("storm").Select(place => (place.Key, place.Score)));
    }

    private static WordHit Words(string place, float score) => new("storm", "content", place, score);

    private static VectorHit Vector(string place, float score) => new("storm", "1", default, "text", place, "", score);
}
