using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Unit.Embedded.Runtime.Hosting;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Queues;

/// <summary>Against a real Azurite.</summary>
public sealed class QueueTriggerTests(SharedServers servers) : IAsyncLifetime
{
    private readonly Recorder _recorder = new();
    private readonly string _name = $"q{Guid.NewGuid():N}";
    private AzuriteServer _azurite = null!;
    private QueueClient _queue = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await servers.Azurite;
        _queue = Queue(_name);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Message_IsBoundAndDeleted_ThoughTheQueueDidNotExist()
    {
        await using var app = await StartAsync(typeof(Records));
        await SendAsync("""{ "name": "pen", "count": 2 }""");

        Assert.Equal("pen 2 1 pen", await _recorder.NextAsync());
        await EmptyAsync(_queue);
    }

    [Fact]
    public async Task Message_WakesAnIdleListener_AtOnce()
    {
        await using var app = await StartAsync(typeof(Records));
        await SendAsync("""{ "name": "first" }""");
        await _recorder.NextAsync();
        await EmptyAsync(_queue);

        var sent = TimeProvider.System.GetTimestamp();
        await SendAsync("""{ "name": "second" }""");
        await _recorder.NextAsync();

        TestContext.Current.TestOutputHelper!.WriteLine($"message to function: {TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds:0.0} ms");
    }

    [Fact]
    public async Task Message_ThatFails_IsRetriedAndThenPoisoned()
    {
        await using var app = await StartAsync(typeof(Fails));
        await SendAsync("bad");

        Assert.Equal(["bad 0", "bad 1", "bad 2"], await _recorder.NextAsync(3));
        await Recorder.UntilAsync(async () => await CountAsync(Queue($"{_name}-poison")) == 1);
        await EmptyAsync(_queue);
        var poison = (await Queue($"{_name}-poison").ReceiveMessageAsync()).Value;
        Assert.Equal("bad", Encoding.UTF8.GetString(Convert.FromBase64String(poison.MessageText)));
    }

    [Fact]
    public async Task Text_ThatIsNotBase64_IsPoisonedUnread()
    {
        await _queue.CreateIfNotExistsAsync();
        await _queue.SendMessageAsync("{ no base64 }");
        await using var app = await StartAsync(typeof(Fails));

        await Recorder.UntilAsync(async () => await CountAsync(Queue($"{_name}-poison")) == 1);
    }

    [Fact]
    public async Task Stop_WaitsForRunningWork_AndHandsBackWhatDoesNotEnd()
    {
        var app = await StartAsync(typeof(Hangs));
        await SendAsync("work");
        Assert.Equal("started", await _recorder.NextAsync());

        await app.DisposeAsync();

        Assert.Equal("cancelled", await _recorder.NextAsync());
        QueueMessage again = await _queue.ReceiveMessageAsync();
        Assert.Equal(2, again.DequeueCount);
    }

    [Fact]
    public async Task Outputs_AreSentToTheirQueues()
    {
        await using var app = await StartAsync(typeof(Forwards));
        await SendAsync("a,b");

        Assert.Equal(["a", "b"], (await _recorder.NextAsync(2)).Order());
    }

    private Task<TestApp> StartAsync(Type functions) => TestApp.StartAsync(new TestAppSetup(functions)
    {
        Azurite = _azurite,
        HostJson = """{ "extensions": { "queues": { "maxDequeueCount": 3 } } }""",
        Settings = new() { ["Queue"] = _name, ["Embedded:StopGrace"] = "00:00:00.05" },
        Configure = builder => builder.Services.AddSingleton(_recorder),
    });

    private QueueClient Queue(string name) => new(_azurite.ConnectionString, name);

    private async Task SendAsync(string body)
    {
        await _queue.CreateIfNotExistsAsync();
        await _queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(body)));
    }

    private static Task EmptyAsync(QueueClient queue) => Recorder.UntilAsync(async () => await CountAsync(queue) == 0);

    private static async Task<int> CountAsync(QueueClient queue) =>
        await queue.ExistsAsync() ? (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount : 0;

    public sealed record Item(string Name, int Count);

    public sealed class Records(Recorder recorder)
    {
        [Function("Records")]
        public void Run([QueueTrigger("%Queue%")] Item item, int dequeueCount, FunctionContext context) =>
            recorder.Add($"{item.Name} {item.Count} {dequeueCount} {context.BindingContext.BindingData["name"]}");
    }

    public sealed class Fails(Recorder recorder)
    {
        [Function("Fails")]
        public Task Run([QueueTrigger("%Queue%")] string text, FunctionContext context)
        {
            recorder.Add($"{text} {context.RetryContext.RetryCount}");
            throw new InvalidOperationException("no good");
        }
    }

    public sealed class Hangs(Recorder recorder)
    {
        [Function("Hangs")]
        public async Task Run([QueueTrigger("%Queue%")] BinaryData data, CancellationToken cancellationToken)
        {
            recorder.Add("started");
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                recorder.Add("cancelled");
                throw;
            }
        }
    }

    public sealed class Forwards(Recorder recorder)
    {
        [Function("Forwards")]
        [QueueOutput("%Queue%-out")]
        public string[] Run([QueueTrigger("%Queue%")] string text) => text.Split(',');

        [Function("Takes")]
        public void Take([QueueTrigger("%Queue%-out")] QueueMessage message) => recorder.Add(message.Body.ToString());
    }
}
