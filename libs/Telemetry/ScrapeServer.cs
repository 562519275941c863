using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Serverless.Telemetry;

/// <summary>
/// Serves GET /metrics for a process that is no web server, while its host runs. A port that is taken keeps the process from starting:
/// otherwise nobody would see that its metrics are missing.
/// </summary>
internal sealed class ScrapeServer(IPEndPoint address, MetricsAnswer metrics, ILogger<ScrapeServer> log) : IHostedService
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address));
        _app = builder.Build();
        _app.Run(context =>
        {
            if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/metrics")
            {
                return metrics.ExecuteAsync(context);
            }
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await _app.StartAsync(cancellationToken);
        log.MetricsServed($"{_app.Urls.Single()}/metrics");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            await _app.StopAsync(cancellationToken);
            await _app.DisposeAsync();
        }
    }
}
