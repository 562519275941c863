using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Words;

public sealed class WordSearchTests
{
    [Theory]
    [InlineData("en", "Fishermen were waiting in the harbours.", "harbour waits")]
    [InlineData("de", "Die Häfen wurden wegen der Stürme geschlossen.", "Sturm")]
    [InlineData("fr", "Les pêcheurs attendaient des nouvelles.", "pêcheur")]
    [InlineData("es", "Los pescadores esperaban noticias.", "pescador")]
    [InlineData("it", "I pescatori aspettavano notizie.", "pescatore")]
    [InlineData("pt", "Os pescadores esperavam notícias.", "pescador")]
    [InlineData("nl", "De vissers wachtten op de boten.", "visser")]
    [InlineData("ru", "Рыбаки ждали новостей в портах.", "порт")]
    [InlineData("sv", "Fiskarna väntade på båtarna.", "båt")]
    [InlineData("tr", "Balıkçılar limanda bekledi.", "limanda")]
    [InlineData("zh", "港口因暴风雨关闭。渔民们等待消息。", "暴风雨")]
    [InlineData("ja", "港は嵐のために閉鎖された。", "閉鎖")]
    [InlineData("xx", "Zzyzx kwyjibo.", "KWYJIBO")]
    [InlineData(null, "Le café était fermé.", "cafe")]
    public void Search_FindsOtherFormsOfAWord_ByTheRulesOfItsLanguage(string? language, string text, string query)
    {
        using WordIndex index = TestWords.Of(("it", language, text), ("other", language, "1234"));

        Assert.Equal(["it"], index.Find(query));
    }

    [Theory]
    [InlineData("\"port alder\"", "phrase")]
    [InlineData("\"the port of alder\"", "apart")]
    [InlineData("“port alder”", "phrase")]
    [InlineData("alder -closed", "apart")]
    [InlineData("alder -\"port alder\"", "apart")]
    [InlineData("harb*", "phrase")]
    [InlineData("twenty-one", "apart")]
    [InlineData("\"unterminated harbour", "")]
    [InlineData("\"\" harbour", "phrase")]
    [InlineData("nowhere", "")]
    public void Search_FollowsPhrases_ExclusionsAndBeginnings(string query, string found)
    {
        using WordIndex index = TestWords.Of(
            ("phrase", "en", "The harbour of Port Alder was closed."),
            ("apart", "en", "The port of Alder is open to twenty-one boats.")
        );

        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), index.Find(query));
    }

    [Fact]
    public void Find_WithAPhraseOfSignsAlone_MarksTheRest()
    {
        using WordIndex index = TestWords.Of(("it", "en", "The harbour was closed."));
        using WordSearch search = index.Search(WordQuery.Parse("harbour \"&&\""), new WordFilter());

        WordHit hit = Assert.Single(search.Rank(10));

        Assert.Single(search.Find(hit.Asset, hit.Place)!.Snippet.Highlights);
    }

    [Theory]
    [InlineData("lopez", WordSource.Metadata, "Photographed by Maria Lopez")]
    [InlineData("harbour", WordSource.Label, "harbour, boat. Photographed by Maria Lopez")]
    [InlineData("boat lopez", WordSource.Label, "harbour, boat. Photographed by Maria Lopez")]
    public void Find_OfAPicture_TellsWhatIsSeenFromWhatIsTold(string query, WordSource source, string snippet)
    {
        using WordIndex index = TestWords.Open();
        index.Apply(
            TestWords.Text("it", "") with
            {
                Places = [TestWords.Picture("", "harbour", "boat") with { Told = "Photographed by Maria Lopez" }],
            }
        );
        index.Refresh();
        using WordSearch search = index.Search(WordQuery.Parse(query), new WordFilter());

        WordHit hit = Assert.Single(search.Rank(10));

        WordDetails found = search.Find(hit.Asset, hit.Place)!;
        Assert.Equal((source, snippet), (found.Source, found.Snippet.Text));
        Assert.NotEmpty(found.Snippet.Highlights);
    }

    [Fact]
    public void Count_OfAssetsWithTheSameContent_CountsThemOnce()
    {
        using WordIndex index = TestWords.Open();
        foreach (string asset in new[] { "a", "b", "c" })
        {
            index.Apply(TestWords.Text(asset, "The harbour was closed.") with { Content = asset == "c" ? "other" : "same" });
            index.Refresh(); // into a part of the index of its own
        }
        using WordSearch search = index.Search(WordQuery.Parse("harbour"), new WordFilter());

        Assert.Equal(["text 2"], search.Count(["kind"], [])["kind"].Select(count => $"{count.Value} {count.Count}"));
        Assert.Equal(["a", "b"], search.AssetsWith("same", 10).Order(StringComparer.Ordinal));
        Assert.Equal(("same", "nobody"), (search.ContentOf("b"), search.ContentOf("nobody")));
    }

    [Fact]
    public void Search_RanksWhatHasMoreOfTheWordsFirst()
    {
        using WordIndex index = TestWords.Of(
            ("one", "en", "A storm came over the land."),
            ("both", "en", "A storm came over the harbour."),
            ("none", "en", "Bread and butter.")
        );

        Assert.Equal(["both", "one"], index.Find("the storm in the harbour"));
    }

    [Theory]
    [InlineData("stolen painting museum", "")]
    [InlineData("museum closed for storms", "museum")]
    [InlineData("museum harbour", "museum")]
    [InlineData("\"the museum\" painting stolen", "museum")]
    public void Search_AsksForHalfOfTheWords(string query, string found)
    {
        using WordIndex index = TestWords.Of(("museum", "en", "The museum was closed on Monday."), ("other", "en", "Bread and butter."));

        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), index.Find(query));
    }

    [Theory]
    [InlineData("to be or not to be")]
    [InlineData("\"to be or not to be\"")]
    [InlineData("the")]
    public void Search_OfWordsThatAreLeftOutElsewhere_FindsThem(string query)
    {
        using WordIndex index = TestWords.Of(("hamlet", "en", "To be, or not to be, that is the question."), ("other", "en", "Bread."));

        Assert.Equal(["hamlet"], index.Find(query));
    }

    [Theory]
    [InlineData("to be or not to be")]
    [InlineData("the")]
    public void Search_OfWordsThatAreLeftOutElsewhere_FindsThem_WhateverOtherLanguagesThereAre(string query)
    {
        using WordIndex index = TestWords.Of(
            ("hamlet", "en", "To be, or not to be, that is the question."),
            ("german", "de", "Brot und Butter."),
            ("french", "fr", "Du pain et du beurre.")
        );
        using WordSearch search = index.Search(WordQuery.Parse(query), new WordFilter());

        WordHit hit = Assert.Single(search.Rank(10));

        Assert.Equal("hamlet", hit.Asset);
        Assert.NotEmpty(search.Find(hit.Asset, hit.Place)!.Snippet.Highlights);
    }

    /// <summary>A letter and its accent apart, as in names of macOS, and soft hyphens, as in pages, look the same.</summary>
    [Theory]
    [InlineData("The cafe\u0301 in the har\u00ADbour", "caf\u00E9 harbour")]
    [InlineData("The caf\u00E9 in the harbour", "cafe\u0301 har\u00ADbour")]
    [InlineData("The cafe\u0301 in the harbour", "\"cafe in\" harbour")]
    [InlineData("The cafe\u0301 in the har\u00ADbour", "caf* harb*")]
    public void Search_FindsWhatLooksTheSame(string text, string query)
    {
        using WordIndex index = TestWords.Of(("it", "en", text), ("other", "en", "Bread and butter."));
        using WordSearch search = index.Search(WordQuery.Parse(query), new WordFilter());

        WordHit hit = Assert.Single(search.Rank(10));

        Snippet snippet = search.Find(hit.Asset, hit.Place)!.Snippet;
        string marked = string.Join(' ', snippet.Highlights.Select(mark => snippet.Text.Substring(mark.Start, mark.Length)));
        Assert.Equal(query.Contains("in", StringComparison.Ordinal) ? "caf\u00E9 in harbour" : "caf\u00E9 harbour", marked);
    }

    /// <summary>Of a word of two parts any part finds a text by the rules of its language.</summary>
    [Theory]
    [InlineData("<b>harbour</b>", "harbour")]
    [InlineData("twenty-one", "twenty")]
    [InlineData("AT&T", "AT&T")]
    public void Find_MarksWhatFoundIt_ByTheRulesOfItsOwnLanguage(string query, string marked)
    {
        using WordIndex index = TestWords.Of(
            ("it", "en", "At the harbour AT&T agreed with twenty others."),
            ("french", "fr", "Du pain et du beurre."),
            ("romanian", "ro", "P\u00E2ine \u0219i unt.")
        );
        using WordSearch search = index.Search(WordQuery.Parse(query), new WordFilter());

        WordHit hit = Assert.Single(search.Rank(10));

        Snippet snippet = search.Find(hit.Asset, hit.Place)!.Snippet;
        Assert.Equal([marked], snippet.Highlights.Select(mark => snippet.Text.Substring(mark.Start, mark.Length)));
    }

    [Theory]
    [InlineData("words:x AND (a OR b)~0.5^9 [1 TO 2] {a TO *} !+-&&||\\")]
    [InlineData("*")]
    [InlineData("???***")]
    [InlineData("a*b*c*d*")]
    [InlineData("/(a+)+$/")]
    [InlineData("*harbour")]
    [InlineData("\"\"\"\"")]
    [InlineData("- -- --- -\"")]
    [InlineData("\0\u0001\ufffd😀")]
    [InlineData("<em>harbour</em> & <script>")]
    public void Search_OfWhateverElseIsWritten_TakesItForWords(string query)
    {
        using WordIndex index = TestWords.Of(("a", "en", "The harbour was closed."));

        Assert.True(index.Find(query) is [] or ["a"]);
    }

    [Fact]
    public void Search_OfABeginningThatManyWordsHave_IsBounded()
    {
        using WordIndex index = TestWords.Of([.. Enumerable.Range(0, 500).Select(i => ($"a{i:D3}", (string?)"en", $"word{i:D3}"))]);

        Assert.Equal(64, index.Find("word*").Length);
    }

    [Fact]
    public void Parse_OfMoreDifferentWordsThanAllowed_IsRefused()
    {
        string many = string.Join(' ', Enumerable.Range(0, WordQuery.MaxParts + 1));

        ArgumentException refused = Assert.Throws<ArgumentException>(() => WordQuery.Parse(many));

        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        Assert.Contains("400", refused.Message, StringComparison.Ordinal);
        using WordIndex index = TestWords.Of(("a", "en", "7 and 8, 9 and 10"));
        Assert.Equal(["a"], index.Find(string.Join(' ', Enumerable.Range(0, WordQuery.MaxParts))));
    }

    [Fact]
    public void Find_MarksTheWords_AndShowsWhatIsAroundThem()
    {
        string text = string.Join(' ', Enumerable.Repeat("Bread and butter for everybody.", 20)) + " The storms closed Port Alder.";
        using WordIndex index = TestWords.Of(("a", "en", text));
        using WordSearch search = index.Search(WordQuery.Parse("storm \"port alder\""), new WordFilter());

        WordHit hit = Assert.Single(search.Rank(10));
        WordDetails found = search.Find(hit.Asset, hit.Place)!;

        Assert.InRange(found.Snippet.Text.Length, 50, 242);
        Assert.Equal(
            ["storms", "Port Alder"],
            found.Snippet.Highlights.Select(mark => found.Snippet.Text.Substring(mark.Start, mark.Length))
        );
    }

    [Fact]
    public void Admits_HoldsWhatOthersFoundAgainstTheWords()
    {
        using WordIndex index = TestWords.Of(("closed", "en", "Port Alder was closed."), ("open", "en", "Port Alder was open."));
        using WordSearch search = index.Search(WordQuery.Parse("harbour -closed"), new WordFilter());

        Assert.False(search.Admits("closed", "char=0,22"));
        Assert.True(search.Admits("open", "char=0,20"));
        Assert.True(search.Admits("open", "char=0,7"));
        Assert.False(search.Admits("unknown", ""));
    }

    /// <summary>Who excludes a word wants no asset with it, wherever in it the word stands.</summary>
    [Theory]
    [InlineData("alder -fog", "clear")]
    [InlineData("alder -\"in the fog\"", "clear")]
    [InlineData("alder -fo*", "clear")]
    [InlineData("alder", "foggy clear")]
    public void Search_ExcludesWholeAssets_NotOnlyThePlacesWithTheWord(string query, string found)
    {
        using WordIndex index = TestWords.Open();
        index.Apply(Of("before", ["Bread and butter."]));
        index.Apply(Of("foggy", ["Port Alder in spring.", "A boat in the fog.", "Port Alder again."]));
        index.Apply(Of("clear", ["Port Alder in summer.", "A boat in the sun."]));
        index.Refresh();
        using WordSearch search = index.Search(WordQuery.Parse(query), new WordFilter());

        string[] expected = found.Split(' ');
        Assert.Equal(expected.Order(), search.Rank(10).Select(hit => hit.Asset).Distinct().Order());
        Assert.Equal(expected.Contains("foggy"), search.Admits("foggy", "2"));
        Assert.True(search.Admits("clear", "1"));

        static AssetWords Of(string asset, string[] passages) =>
            TestWords.Text(asset, "") with
            {
                Places = [.. passages.Select((text, i) => TestWords.Passage(text) with { Place = $"{i}" })],
            };
    }

    /// <summary>A shot and what is said in it may have the same time, and a vector is found by that alone.</summary>
    [Theory]
    [InlineData("boat"), InlineData("fog")]
    public void Admits_APlaceThatTwoHave_WhereEitherIsAdmitted(string label)
    {
        using WordIndex index = TestWords.Open();
        WordPlace[] places = [TestWords.Picture("t=0,5", "boat"), TestWords.Picture("t=0,5", "fog"), TestWords.Picture("t=5,9", "sun")];
        index.Apply(TestWords.Text("film", "") with { Places = places });
        index.Refresh();
        using WordSearch search = index.Search(query: null, new WordFilter { Labels = [label] });

        Assert.True(search.Admits("film", "t=0,5"));
        Assert.False(search.Admits("film", "t=5,9"));
        Assert.True(search.Admits("film", "t=0,9")); // which it does not have
    }

    [Fact]
    public void Admits_APlaceThatOnlyAnEarlierVersionHad_AsOneThatItDoesNotHave()
    {
        using WordIndex index = TestWords.Of(("a", "en", "Port Alder."), ("b", "en", "Port Alder."));
        index.Apply(TestWords.Text("a", "The port of Alder.", version: 2, topics: "harbour"));
        index.Refresh();
        using WordSearch search = index.Search(query: null, new WordFilter { Labels = ["harbour"] });

        Assert.True(search.Admits("a", "char=0,11"));
        Assert.True(search.Admits("a", "char=0,18"));
        Assert.False(search.Admits("b", "char=0,11"));
    }
}
