using Serverless.Local.Stack;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>A system for tests that predict, promote and upload texts: no worker has anything to do there.</summary>
public sealed class TrafficStack : IAsyncLifetime
{
    public LocalStack Stack { get; private set; } = null!;

    public PipelineClient Client { get; private set; } = null!;

    private Task<Uri>? _secondHost;

    /// <summary>The address of a second host over the same stores and the same run store, started by the first test that asks.</summary>
    public Task<Uri> SecondHostAsync(CancellationToken cancellationToken) => _secondHost ??= Stack.StartAnotherHostAsync(cancellationToken);

    public async ValueTask InitializeAsync()
    {
        StackOptions options = OwnStack.Options("traffic", ChangeDrill.Setting, BadCanary.Setting("qa")) with { Workers = 0 };
        Stack = await OwnStack.StartAsync(options);
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
