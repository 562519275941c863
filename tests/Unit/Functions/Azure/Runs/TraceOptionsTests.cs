using Serverless.Functions.Azure.Runs;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class TraceOptionsTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("https://jaeger.example.com/trace/{traceId}?uiFind=a", "https://jaeger.example.com/trace/4bf9?uiFind=a")]
    public void Accepts_AnAddressWithAPlaceForTheId(string? template, string? expected)
    {
        TraceOptions options = new() { TraceAddress = template };

        Assert.Empty(OptionsCheck.Find(("Telemetry", options)));
        Assert.Equal(expected, options.AddressOf("4bf9"));
        Assert.Null(options.AddressOf(null));
    }

    [Theory]
    [InlineData("https://jaeger.example.com/trace")]
    [InlineData("javascript:alert('{traceId}')")]
    [InlineData("https://jaeger.example.com/{id}/{traceId}")]
    [InlineData("/trace/{traceId}")]
    public void Rejects_OtherAddresses_ByNameAndValue(string template)
    {
        string problem = Assert.Single(OptionsCheck.Find(("Telemetry", new TraceOptions { TraceAddress = template })));

        Assert.StartsWith("Telemetry:TraceAddress", problem, StringComparison.Ordinal);
        Assert.Contains(template, problem, StringComparison.Ordinal);
    }
}
