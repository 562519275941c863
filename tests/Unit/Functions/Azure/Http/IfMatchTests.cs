using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class IfMatchTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("*", "*")]
    [InlineData("\"abc\"", "abc")]
    [InlineData("abc", "abc")]
    public void ReadIfMatch_OneTag_IsReadWithoutQuotes(string? header, string? tag) => Assert.Equal(tag, Request(header).ReadIfMatch());

    [Theory]
    [InlineData("W/\"abc\"")]
    [InlineData("\"a\", \"b\"")]
    [InlineData("\"\"")]
    public void ReadIfMatch_AnythingElse_IsRefusedAsItStands(string header) =>
        Assert.Equal(
            $"The header If-Match is {header}; allowed are * and one tag, as ETag gave it.",
            Assert.Throws<RequestProblem>(() => Request(header).ReadIfMatch()).Message
        );

    private static HttpRequest Request(string? header) => new DefaultHttpContext { Request = { Headers = { IfMatch = header } } }.Request;
}
