using Serverless.AzureSearch;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.AzureSearch;

public sealed class ODataFilterTests
{
    [Fact]
    public void Of_EscapesEachValue_AndHasAsManyClausesAsFields()
    {
        WordFilter filter = new()
        {
            Labels = ["O'Brien", "a') or (true", "x\u001fy"],
            Prefixes = ["it's/"],
            From = new DateTimeOffset(1, TimeSpan.Zero),
        };

        string text = ODataFilter.Of(filter, WordQuery.Parse("storm \"port alder\" \"the ferry\" -fog -\"it's late\"").ToLucene());

        Assert.Equal(
            "is eq 'place'"
                + " and labelKeys/any(one: search.in(one, 'o''brien\u001fa'') or (true\u001fx y', '\u001f'))"
                + " and ((key ge 'it''s/' and key lt 'it''s/\U0010FFFF') or (path ge 'it''s/' and path lt 'it''s/\U0010FFFF'))"
                + " and registered ge 1"
                + " and search.ismatch('\"port alder\" \"the ferry\"', 'text', 'full', 'all')"
                + " and not search.ismatch('fog \"it s late\"', 'text', 'full', 'any')",
            text
        );
    }
}
