using Serverless.Unit.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Serverless.Unit.Servers;

/// <summary>
/// Storage servers for all tests of a run, each started when a test first asks for it. Tests keep apart by buckets, containers
/// and queues of their own; a test that stops a server starts its own.
/// </summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly Lazy<Task<S3Server>> _s3 = new(S3Server.StartAsync);
    private readonly Lazy<Task<AzuriteServer>> _azurite = new(AzuriteServer.StartAsync);

    public Task<S3Server> S3 => _s3.Value;

    public Task<AzuriteServer> Azurite => _azurite.Value;

    public async ValueTask DisposeAsync()
    {
        // One that did not start has told so to every test that asked for it.
        if (_s3 is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await S3).DisposeAsync();
        }
        if (_azurite is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Azurite).DisposeAsync();
        }
    }
}
