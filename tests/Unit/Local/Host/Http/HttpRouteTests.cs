using Serverless.Local.Host.Functions;
using Serverless.Local.Host.Http;
using Serverless.Local.Host.Worker.Messages;
using Xunit;

namespace Serverless.Unit.Local.Host.Http;

public sealed class HttpRouteTests
{
    [Theory]
    [InlineData("""{ "name": "req", "type": "httpTrigger", "route": "runs/{id:guid}" }""", "api", "/api/runs/{id:guid}")]
    [InlineData("""{ "name": "req", "type": "httpTrigger", "route": "/runs/" }""", "/api/", "/api/runs")]
    [InlineData("""{ "name": "req", "type": "httpTrigger", "route": "runs" }""", "", "/runs")]
    [InlineData("""{ "name": "req", "type": "httpTrigger" }""", "api", "/api/ListRuns")]
    public void Of_Route_StandsBelowThePrefix(string binding, string prefix, string pattern)
    {
        HttpRoute route = HttpRoute.Of(Function(binding), prefix);

        Assert.Equal(pattern, route.Pattern);
    }

    [Fact]
    public void Of_Methods_AreUpperCase()
    {
        HttpRoute route = HttpRoute.Of(Function("""{ "name": "req", "type": "httpTrigger", "methods": ["get", "Post"] }"""), "api");

        Assert.Equal(["GET", "POST"], route.Methods);
    }

    [Theory]
    [InlineData("""{ "name": "req", "type": "httpTrigger", "authLevel": "Anonymous" }""", nameof(AccessLevel.Anonymous))]
    [InlineData("""{ "name": "req", "type": "httpTrigger", "authLevel": "admin" }""", nameof(AccessLevel.Admin))]
    [InlineData("""{ "name": "req", "type": "httpTrigger" }""", nameof(AccessLevel.Function))]
    public void Of_AuthLevel_DefaultsToFunctionKeys(string binding, string level)
    {
        HttpRoute route = HttpRoute.Of(Function(binding), "api");

        Assert.Equal(level, route.Level.ToString());
    }

    private static FunctionDefinition Function(string binding) =>
        FunctionDefinition.From(
            new RpcFunctionMetadata
            {
                FunctionId = "1",
                Name = "ListRuns",
                RawBindings = { binding },
            }
        );
}
