using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Local.Events.Delivery;
using Serverless.Local.Queues;
using Xunit;

namespace Serverless.Unit.Local.Events.Delivery;

public sealed class EventDeliveryTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("delivery-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly SqliteFile _file;
    private readonly MessageQueue _queue;
    private readonly Wakeup _announced = new(TimeProvider.System);
    private readonly Receiver _receiver = new();
    private Task _delivering = Task.CompletedTask;

    public EventDeliveryTests()
    {
        _file = SqliteFile.Open(Path.Combine(_directory, "events.db"));
        _queue = new MessageQueue(_file, new QueueOptions { RetryDelay = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
    }

    [Fact]
    public async Task Run_Events_GoTogetherUpToTheLimit()
    {
        _queue.Send(["a", "b", "c", "d", "e"]);
        Start();

        Assert.Equal(["a", "b", "c", "d"], await _receiver.NextAsync());
        Assert.Equal(["e"], await _receiver.NextAsync());
        Announce("f");
        Assert.Equal(["f"], await _receiver.NextAsync());
    }

    [Fact]
    public async Task Run_ReceiverIsAway_SendsTheSameAgain()
    {
        int failures = 0;
        _receiver.Accepts = _ => failures++ < 2 ? throw new HttpRequestException("refused") : true;
        _queue.Send(["a", "b"]);
        Start();

        Assert.Equal(["a", "b"], await _receiver.NextAsync());
    }

    [Fact]
    public async Task Run_OneIsNeverAccepted_HoldsUpNoOther()
    {
        _receiver.Accepts = events => !events.Contains("poison");
        _queue.Send(["a", "poison", "b"]);
        Start();

        Assert.Equal(["a"], await _receiver.NextAsync());
        Assert.Equal(["b"], await _receiver.NextAsync());
        await Recorder.UntilAsync(() => Task.FromResult(_queue.Count().Waiting == 1)); // what is accepted leaves a moment later
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _delivering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _file.Dispose();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Start() =>
        _delivering = new EventDelivery(
            _queue,
            _announced,
            _receiver,
            new EventFaults(new FaultOptions()),
            TimeProvider.System,
            NullLogger.Instance
        ).RunAsync(_stop.Token);

    private void Announce(string body)
    {
        _queue.Send([body]);
        _announced.Signal();
    }

    private sealed class Receiver : IEventSink
    {
        private readonly Channel<IReadOnlyList<string>> _accepted = Channel.CreateUnbounded<IReadOnlyList<string>>();

        public Func<IReadOnlyList<string>, bool> Accepts { get; set; } = _ => true;

        public string Name => "receiver";

        public int MaxEvents => 4;

        public Task SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken)
        {
            if (!Accepts(events))
            {
                throw new HttpRequestException("no", null, HttpStatusCode.BadRequest);
            }

            _accepted.Writer.TryWrite(events);
            return Task.CompletedTask;
        }

        public async Task<IReadOnlyList<string>> NextAsync() =>
            await _accepted.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
    }
}
