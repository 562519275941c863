using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>A system that misses a worker within seconds, and all that was uploaded to it.</summary>
public sealed class OutageStack : IAsyncLifetime
{
    public LocalStack Stack { get; private set; } = null!;

    public PipelineClient Client { get; private set; } = null!;

    public List<AssetSource> Uploaded { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Stack = await OwnStack.StartAsync(
            "outage",
            ("Worker:Lease", "00:00:05"),
            ("Worker:ReportEvery", "00:00:01"),
            ("Health:WorkerWithin", "00:00:02"),
            ("Health:MemberLateBy", "00:00:04"),
            ("Webhooks:AllowHttp", "true"),
            ("Webhooks:AllowPrivateAddresses", "true")
        );
        Client = new PipelineClient(Stack);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }
    }
}
