using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("abc", "abc")]
    [InlineData("abcd", "abc")]
    [InlineData("ab\ud83d\ude00", "ab")] // no half of a pair
    public void AnExcerpt_IsTheBeginning(string? text, string? expected) => Assert.Equal(expected, RunText.Excerpt(text, 3));
}
