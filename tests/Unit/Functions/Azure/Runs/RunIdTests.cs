using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class RunIdTests
{
    [Theory]
    [InlineData("abc-1", "abc-1")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("50%", "50%")]
    [InlineData("ö \ud83d\ude00", "ö \ud83d\ude00")]
    public void AnId_IsReadAsTheServerRoutesIt(string routed, string id) => Assert.Equal(id, RunId.Read(routed));

    [Theory]
    [InlineData(501, "The id of a run has 501 characters; allowed are 1 to 500.")]
    [InlineData(1_000, "The id of a run has 1000 characters; allowed are 1 to 500.")]
    public void AnIdThatIsTooLong_IsRefused(int characters, string problem) =>
        Assert.Equal(problem, Assert.Throws<RequestProblem>(() => RunId.Read(new string('a', characters))).Message);

    [Fact]
    public void AnIdWithALineFeed_IsRefused_AndNotWrittenOut() =>
        Assert.Equal(
            "The id of a run has the control character U+000A at 1; allowed are characters that can be seen.",
            Assert.Throws<RequestProblem>(() => RunId.Read("a\nb")).Message
        );
}
