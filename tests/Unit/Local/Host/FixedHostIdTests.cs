using Serverless.Local.Host;
using Xunit;

namespace Serverless.Unit.Local.Host;

public sealed class FixedHostIdTests
{
    [Theory]
    [InlineData(null, "/app/Serverless.Functions.Azure.dll", "serverless-functions-azure")]
    [InlineData("My_Host", "/app/A.dll", "my-host")]
    [InlineData(null, "/app/A.Very.Long.Name.Of.An.App.That.Goes.On.dll", "a-very-long-name-of-an-app-that")]
    public void Of_Names_FitTheSdk(string? setting, string program, string expected) =>
        Assert.Equal(expected, FixedHostId.Of(setting, program));
}
