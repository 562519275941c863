using Microsoft.Extensions.Hosting;
using Serverless.Embedded.Runtime.Durable;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Starts the durable engine before the triggers that use its client, and stops it after them.</summary>
internal sealed class DurableService(DurableEngine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
}
