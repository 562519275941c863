using System.Threading.Channels;
using Serverless.Local.Events.Delivery;
using Xunit;

namespace Serverless.Unit.Local.Events;

/// <summary>Accepts all events and keeps them for a test to wait on.</summary>
internal sealed class CollectedEvents : IEventSink
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    public string Name => "test";

    public int MaxEvents => 10;

    public Task SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        foreach (string one in events)
        {
            _events.Writer.TryWrite(one);
        }

        return Task.CompletedTask;
    }

    public async Task<string> NextAsync() =>
        await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public async Task<string[]> NextAsync(int count)
    {
        string[] events = new string[count];
        for (int i = 0; i < count; i++)
        {
            events[i] = await NextAsync();
        }

        return events;
    }

    public bool IsEmpty => _events.Reader.Count == 0;
}
