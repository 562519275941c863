using Serverless.Functions.Azure.Telemetry;
using Serverless.Telemetry;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Telemetry;

public sealed class MetricsFunctionTests
{
    [Theory]
    [InlineData("*/*", "text/plain")]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "application/openmetrics-text")]
    public async Task Metrics_AreGivenInTheFormatThatIsAskedFor(string accepted, string mediaType)
    {
        await using FunctionsApp app = await FunctionsApp.StartAsync([typeof(MetricsFunction)], services => services.AddTelemetry());
        using HttpRequestMessage request = new(HttpMethod.Get, "api/metrics");
        request.Headers.Add("Accept", accepted);

        using HttpResponseMessage response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(
            "dotnet_process_memory_working_set_bytes",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }
}
