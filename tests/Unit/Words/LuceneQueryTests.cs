using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Words;

/// <summary>Whatever a person writes, a service reads words, phrases and beginnings, and no syntax of its own.</summary>
public sealed class LuceneQueryTests
{
    [Theory]
    [InlineData("storm harbour", "storm harbour", "", "", 2)]
    [InlineData("\"Port Alder\" harb*", "\"port alder\" harb*", "\"port alder\"", "", 3)]
    [InlineData("harbour -storm -\"a ferry\"", "harbour", "", "storm \"a ferry\"", 1)]
    [InlineData("Café CAFE* café*", "café cafe*", "", "", 2)]
    [InlineData("cats AND NOT dogs OR text_en:x~2^4", "cats and not dogs or \"text en x 2 4\"", "", "", 10)]
    [InlineData("twenty-one O'Brien's", "\"twenty one\" \"o brien s\"", "", "", 5)]
    [InlineData("!!! (*) && || /.*/ -!!", "", "", "", 0)]
    public void ToLucene_KeepsWhatIsMeant(string text, string words, string phrases, string excluded, int terms) =>
        Assert.Equal(new LuceneQuery(words, phrases, excluded, terms), WordQuery.Parse(text).ToLucene());
}
