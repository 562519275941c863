using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("", 50)]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=200", 200)]
    public void Accepts_NumbersWithinBounds(string query, int expected) =>
        Assert.Equal(expected, RequestOf(query).ReadNumber("limit", 1, 200, otherwise: 50));

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("-1")]
    [InlineData("1e2")]
    [InlineData("99999999999")]
    public void Rejects_OtherNumbers_NamingWhatIsAllowed(string value)
    {
        RequestProblem problem = Assert.Throws<RequestProblem>(() => RequestOf($"?limit={value}").ReadNumber("limit", 1, 200, 50));

        Assert.Equal(400, problem.Status);
        Assert.Equal($"limit is '{value}'; allowed are 1 to 200.", problem.Message);
    }

    [Fact]
    public void Accepts_ANameInAnyCase() => Assert.Equal(MediaKind.Image, RequestOf("?kind=image").ReadName<MediaKind>("kind"));

    [Theory]
    [InlineData("sound")]
    [InlineData("1")]
    [InlineData("7")]
    [InlineData("text,image")] // which Enum would add up
    public void Rejects_AnotherName(string value) =>
        Assert.Equal(
            $"kind is '{value}'; allowed are text, image, video.",
            Assert.Throws<RequestProblem>(() => RequestOf($"?kind={value}").ReadName<MediaKind>("kind")).Message
        );

    [Theory]
    [InlineData("?kind=text&kind=image")]
    [InlineData("?kind=text&KIND=text")]
    public void Rejects_AParameterThatStandsTwice(string query)
    {
        RequestProblem problem = Assert.Throws<RequestProblem>(() => RequestOf(query).ReadName<MediaKind>("kind"));

        Assert.Equal((400, "kind stands 2 times in the query; allowed is once."), (problem.Status, problem.Message));
    }

    [Fact]
    public void Rejects_ATextThatIsTooLong() =>
        Assert.Throws<RequestProblem>(() => RequestOf($"?q={new string('a', 11)}").ReadText("q", 10));

    private static HttpRequest RequestOf(string query) =>
        new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }.Request;
}
