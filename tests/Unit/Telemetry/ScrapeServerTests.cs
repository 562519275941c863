using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Local.Stack;
using Serverless.Telemetry;
using Xunit;

namespace Serverless.Unit.Telemetry;

public sealed class ScrapeServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AProcessThatIsNoWebServer_ServesItsMetrics_AndNothingElse()
    {
        int port = StackPorts.FreePort();
        using Meter meter = new($"Serverless.Test{Guid.NewGuid():N}");
        using IHost host = HostOf(port);
        await host.StartAsync(Token);
        meter.CreateCounter<long>("scraped.things").Add(3);
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        string metrics = await client.GetStringAsync("metrics", Token);
        using HttpResponseMessage other = await client.GetAsync("anything", Token);

        Assert.Contains("scraped_things_total{} 3", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task APortThatIsTaken_KeepsTheProcessFromStarting()
    {
        int port = StackPorts.FreePort();
        using IHost first = HostOf(port);
        using IHost second = HostOf(port);
        await first.StartAsync(Token);

        await Assert.ThrowsAnyAsync<IOException>(() => second.StartAsync(Token));

        await first.StopAsync(Token);
    }

    private static IHost HostOf(int port)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTelemetry(scrapedAt: new IPEndPoint(IPAddress.Loopback, port));
        return builder.Build();
    }
}
