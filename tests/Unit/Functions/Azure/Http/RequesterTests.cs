using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Access;
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
    public void ReadRequester_SignedIn_IsTakenAsTheSignInWroteIt() =>
        Assert.Equal("ana%20a", Request("bob", new Caller(AccessRoles.Publish, "a test", "identity:1", "ana%20a")).ReadRequester());

    [Fact]
    public void ReadRequester_WhereASignInIsMissing_TakesNobodysWord()
    {
        HttpRequest request = Request("bob", new Caller(AccessRoles.Publish, "a test", MayNameThemselves: false));

        Assert.Equal(401, Assert.Throws<RequestProblem>(request.ReadRequester).Status);
    }

    [Fact]
    public void ReadRequester_OfARequestThatNobodyLetIn_IsAFaultOfOurs() =>
        Assert.Throws<InvalidOperationException>(new DefaultHttpContext().Request.ReadRequester);

    private static HttpRequest Request(string? requestedBy, Caller? caller = null)
    {
        DefaultHttpContext http = new();
        http.Request.Headers[Requester.Header] = requestedBy;
        http.Features.Set(caller ?? new Caller(AccessRoles.Publish, "a test"));
        return http.Request;
    }
}
