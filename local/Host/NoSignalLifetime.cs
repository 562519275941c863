using Microsoft.Extensions.Hosting;

namespace Serverless.Local.Host;

/// <summary>Leaves signals to the command line: the web server and the job host are stopped in an order of their own.</summary>
internal sealed class NoSignalLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
