using Serverless.Ingest;
using Xunit;

namespace Serverless.Unit.Ingest;

public sealed class RecentWritesTests
{
    [Fact]
    public void Take_GivesTheLastOnce_AndTheOldestGoesFirst()
    {
        RecentWrites<string> recent = new(10, text => text.Length);
        recent.Put("a", "1234");
        recent.Put("b", "1234");
        recent.Put("a", "123");
        recent.Put("c", "1234"); // "b" is the oldest now

        Assert.Equal([null, "123", null, "1234"], new[] { "b", "a", "a", "c" }.Select(recent.Take));

        recent.Put("too large", "12345678901");
        Assert.Null(recent.Take("too large"));
    }
}
