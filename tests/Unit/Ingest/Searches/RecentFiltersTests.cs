using Serverless.Ingest.Searches;
using Serverless.Unit.Words;
using Serverless.Vectors;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Ingest.Searches;

public sealed class RecentFiltersTests
{
    [Fact]
    public void Of_TheSameFilter_IsTheSame_UntilTheWordsChange()
    {
        using WordIndex index = TestWords.Of(("a", "en", "Port Alder."));
        RecentFilters filters = new();

        VectorFilter first = Of(filters, index, "harbour");
        VectorFilter again = Of(filters, index, "harbour");
        VectorFilter other = Of(filters, index, "fog");
        VectorFilter still = Of(filters, index, "harbour");
        index.Apply(TestWords.Text("b", "The harbour."));
        index.Refresh();
        VectorFilter later = Of(filters, index, "harbour");

        Assert.Same(first, again);
        Assert.Same(first, still);
        Assert.NotSame(first, other);
        Assert.NotSame(first, later);
    }

    private static VectorFilter Of(RecentFilters filters, WordIndex index, string label)
    {
        WordFilter filter = new() { Labels = [label] };
        using WordSearch search = index.Search(query: null, filter);
        return filters.Of(search, filter);
    }
}
