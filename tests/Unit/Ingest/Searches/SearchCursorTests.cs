using Serverless.Ingest.Searches;
using Xunit;

namespace Serverless.Unit.Ingest.Searches;

public sealed class SearchCursorTests
{
    private static readonly DateTimeOffset AsOf = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Read_OfWhatWasWritten_HasGivenTheSame()
    {
        SearchCursor first = SearchCursor.After(null, AsOf, ["a", "b"]);

        SearchCursor second = SearchCursor.Read(SearchCursor.After(SearchCursor.Read(first.Write()), AsOf, ["c"]).Write())!;

        Assert.Equal(AsOf, second.AsOf);
        Assert.All(["a", "b", "c"], content => Assert.True(second.HasGiven(content)));
        Assert.False(second.HasGiven("d"));
    }

    [Fact]
    public void Write_OfTheDeepestPage_IsNoLongerThanAllowed()
    {
        SearchCursor deepest = SearchCursor.After(null, AsOf, Enumerable.Range(0, AssetSearch.Depth).Select(i => $"content-{i}"));

        string text = deepest.Write();

        Assert.InRange(text.Length, SearchCursor.MaxCharacters - 10, SearchCursor.MaxCharacters);
        Assert.True(SearchCursor.Read(text)!.HasGiven("content-999"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAA")]
    [InlineData("not base64!")]
    [InlineData("f____________________________________________________________w")]
    public void Read_OfAnythingElse_IsNull(string text) => Assert.Null(SearchCursor.Read(text));
}
