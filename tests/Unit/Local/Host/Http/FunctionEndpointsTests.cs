using Microsoft.AspNetCore.Http;
using Serverless.Local.Host.Http;
using Xunit;

namespace Serverless.Unit.Local.Host.Http;

public sealed class FunctionEndpointsTests
{
    [Fact]
    public void HeaderBeyondAscii_PlainHeaders_IsNone() =>
        Assert.Null(FunctionEndpoints.HeaderBeyondAscii(new HeaderDictionary { ["X-Name"] = "Joerg", ["Accept"] = "*/*" }));

    [Fact]
    public void HeaderBeyondAscii_Umlaut_NamesTheHeader() =>
        Assert.Equal("X-Name", FunctionEndpoints.HeaderBeyondAscii(new HeaderDictionary { ["Accept"] = "*/*", ["X-Name"] = "Jörg" }));
}
