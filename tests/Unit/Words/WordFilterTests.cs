using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Words;

public sealed class WordFilterTests
{
    private static readonly WordIndex Index = Make();

    public static TheoryData<string, WordFilter, string[]> Cases() =>
        new()
        {
            {
                "kind",
                new() { Kinds = ["image"] },
                ["picture"]
            },
            {
                "kinds",
                new() { Kinds = ["image", "video"] },
                ["film", "picture"]
            },
            {
                "store",
                new() { Stores = ["s3"] },
                ["german"]
            },
            {
                "prefix",
                new() { Prefixes = ["media/ger"] },
                ["german"]
            },
            {
                "prefixes are taken as they stand",
                new() { Prefixes = ["MEDIA/", "media/*", "media/?ilm"] },
                []
            },
            {
                "from",
                new() { From = TestWords.Start.AddMinutes(2) },
                ["german"]
            },
            {
                "to",
                new() { To = TestWords.Start.AddMinutes(2) },
                ["english", "film", "picture"]
            },
            {
                "language",
                new() { Languages = ["DE"] },
                ["german"]
            },
            {
                "label",
                new() { Labels = ["Sea"] },
                ["film", "picture"]
            },
            {
                "labels",
                new() { Labels = ["sea", "weather"] },
                ["english", "film", "picture"]
            },
            {
                "entity",
                new() { Entities = ["per:maria keller"] },
                ["english"]
            },
            {
                "model",
                new() { Models = ["embedding/1"] },
                ["english", "german"]
            },
            {
                "both",
                new() { Kinds = ["video"], Labels = ["sea"] },
                ["film"]
            },
            {
                "none",
                new() { Kinds = ["video"], Languages = ["en"] },
                []
            },
            {
                "told",
                new() { Told = ["Keyword:HARBOUR", "keyword:sea"] },
                ["english", "german"]
            },
            {
                "told by several names",
                new() { Told = ["keyword:harbour", "keyword:sea", "creator:zo\u00EB"] },
                ["english"]
            },
            {
                "given",
                new() { Given = ["desk:foreign"], Told = ["keyword:harbour"] },
                ["german"]
            },
            {
                "given by another name",
                new() { Given = ["note:foreign"] },
                []
            },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Search_FindsOnlyWhatTheFilterAdmits(string name, WordFilter filter, string[] found)
    {
        Assert.Equal(found, Index.Find("storm sea", filter).Order(StringComparer.Ordinal));
        Assert.NotEmpty(name);
    }

    /// <summary>What a part of the index said of a clause before is kept, and is not what it says now.</summary>
    [Fact]
    public void Filter_AskedAgainAfterChanges_AdmitsWhatIsThereNow_AlsoBesideOtherClauses()
    {
        using WordIndex index = TestWords.Of();
        WordFilter weather = new() { Labels = ["weather"] };
        WordFilter later = weather with { From = TestWords.Start.AddMinutes(2), Models = ["embedding"] };
        index.Apply(TestWords.Text("a", "A storm.", "en", 1, "weather"));
        index.Apply(TestWords.Text("b", "A storm at sea.", "en", 2, "weather"));
        index.Refresh();
        string[][] before = [index.Find("storm", weather), index.Find("storm", later), index.Find("storm -sea", weather)];

        index.Apply(TestWords.Text("a", "A storm.", "en", 3, "sport"));
        index.Apply(TestWords.Text("c", "Another storm.", "en", 3, "weather"));
        index.Refresh();
        string[][] after = [index.Find("storm", weather), index.Find("storm", later), index.Find("storm -sea", weather)];

        Assert.Equal(["a b", "b", "a"], before.Select(found => string.Join(' ', found.Order(StringComparer.Ordinal))));
        Assert.Equal(["b c", "b c", "c"], after.Select(found => string.Join(' ', found.Order(StringComparer.Ordinal))));
    }

    [Fact]
    public void Label_IsOfAPlace_NotOfTheWholeFilm()
    {
        using WordSearch search = Index.Search(WordQuery.Parse("sea storm"), new WordFilter { Labels = ["boat"] });

        WordHit hit = Assert.Single(search.Rank(10));

        Assert.Equal(("film", "t=5,9"), (hit.Asset, hit.Place));
        Assert.False(search.Admits("film", "t=0,5"));
        Assert.Equal("picture-t=5,9.jpg", search.Find(hit.Asset, hit.Place)!.Picture);
    }

    [Fact]
    public void Count_CountsAssets_OfTheWordsAndOfThoseNamed()
    {
        using WordSearch search = Index.Search(WordQuery.Parse("sea"), new WordFilter());

        IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> counts = search.Count(["kind", "label", "entity"], ["english"]);

        Assert.Equal([new("image", 1), new("text", 1), new("video", 1)], counts["kind"]);
        Assert.Equal([new FacetCount("Sea", 2), new("boat", 1), new("storm", 1), new("weather", 1)], counts["label"]);
        Assert.Equal([new FacetCount("PER:Maria Keller", 1)], counts["entity"]);
    }

    [Fact]
    public void Language_OfWhatIsSaid_IsItsOwn_AndOfTheRest_ThatOfTheAsset()
    {
        using WordIndex index = TestWords.Open();
        WordPlace english = TestWords.Passage("A storm came.") with { Place = "t=1,2", Source = WordSource.Caption };
        WordPlace german = TestWords.Passage("Ein Sturm kam.", "de") with { Place = "t=1,3", Source = WordSource.Caption };
        index.Apply(Pictures("film", english, german, TestWords.Picture("t=0,5", "storm")) with { Language = "en" });
        index.Refresh();

        using WordSearch search = index.Search(WordQuery.Parse("Sturm storm"), new WordFilter { Languages = ["de"] });

        Assert.Equal(["t=1,3"], search.Rank(10).Select(hit => hit.Place));
        Assert.Equal("de", search.Find("film", "t=1,3")!.Language);
        Assert.Equal("en", search.Find("film", "t=0,5")!.Language);
    }

    private static WordIndex Make()
    {
        WordIndex index = TestWords.Open();
        AssetWords english = TestWords.Text("english", "A storm closed the harbour, said Maria Keller.", "en", 1, "weather");
        index.Apply(
            english with
            {
                Places = [english.Places[0] with { Entities = ["PER:Maria Keller"] }],
                Told = ["keyword:harbour", "creator:Zoe\u0308"],
            }
        );
        index.Apply(
            TestWords.Text("german", "Ein Sturm (storm) schloss den Hafen.", "de", 2) with
            {
                Store = "s3",
                Told = ["keyword:Sea", "keyword:harbour"],
                Given = ["desk:foreign"],
            }
        );
        index.Apply(Pictures("picture", TestWords.Picture("", "Sea")));
        index.Apply(Pictures("film", TestWords.Picture("t=0,5", "Sea"), TestWords.Picture("t=5,9", "Sea", "boat", "storm")));
        index.Refresh();
        return index;
    }

    private static AssetWords Pictures(string asset, params WordPlace[] places) =>
        TestWords.Text(asset, "") with
        {
            Places = places,
            Language = null,
            Models = ["labels", "labels/2"],
        };
}
