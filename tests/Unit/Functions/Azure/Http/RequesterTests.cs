using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class RequesterTests
{
    [Fact]
    public void ReadRequester_EncodedName_IsDecoded() => Assert.Equal("Zoë", Request("Zo%C3%AB").ReadRequester());

    [Fact]
    public void ReadRequester_EncodedControlCharacter_IsRefused() =>
        Assert.Equal(400, Assert.Throws<RequestProblem>(() => Request("ana%0Abob").ReadRequester()).Status);

    [Fact]
    public void ReadRequester_LongName_IsCountedAsDecoded()
    {
        string name = new('ö', 128);

        Assert.Equal(name, Request(Uri.EscapeDataString(name)).ReadRequester());
        Assert.Throws<RequestProblem>(() => Request(Uri.EscapeDataString(name + "x")).ReadRequester());
    }

    [Theory, InlineData(null), InlineData(""), InlineData("%20")]
    public void ReadRequester_NoName_IsRefused(string? value) =>
        Assert.Contains("missing", Assert.Throws<RequestProblem>(() => Request(value).ReadRequester()).Message, StringComparison.Ordinal);

    [Fact]
    public void ReadRequester_SignedIn_IsTakenAsTheSignInWroteIt()
    {
        HttpRequest request = Request("bob");
        request.Headers["X-Signed-In"] = "ana%20a";
        request.HttpContext.RequestServices = new ServiceCollection()
            .AddSingleton(new PeopleOptions { SignedInHeader = "X-Signed-In" })
            .BuildServiceProvider();

        Assert.Equal("ana%20a", request.ReadRequester());
    }

    private static HttpRequest Request(string? requestedBy)
    {
        DefaultHttpContext http = new();
        http.Request.Headers[Requester.Header] = requestedBy;
        return http.Request;
    }
}
