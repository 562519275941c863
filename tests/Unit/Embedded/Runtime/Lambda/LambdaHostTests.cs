using System.Collections.Concurrent;
using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.S3Events;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Lambda;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Lambda;

/// <summary>From an upload to the handler, through a real S3 server.</summary>
public sealed class LambdaHostTests(SharedServers servers) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lambda-").FullName;
    private readonly DefaultLambdaJsonSerializer _serializer = new();
    private readonly ConcurrentQueue<string> _handled = new();

    [Fact]
    public async Task Upload_WithAccessLog_ReachesTheHandlerWithoutAScan()
    {
        var (store, options) = await PrepareAsync(await servers.S3, log: true);
        await WriteAsync(store, "media/first");
        await using Running host = Start(options, Handle, expected: 1, new ManualTime());
        await host.Reached;
        host.Expect(2); // the first scan is over, and time stands still before the next one

        await WriteAsync(store, "media/größe (1).txt");
        await host.Reached;

        Assert.Equal(["media/first", "media/größe (1).txt"], _handled);
    }

    [Fact]
    public async Task Upload_OutsideThePrefix_IsNotAnnounced()
    {
        var (store, options) = await PrepareAsync(await servers.S3, log: false);
        await WriteAsync(store, "analyses/x.json");
        await WriteAsync(store, "media/x");
        await WriteAsync(store, "media.json");

        await using (Running host = Start(options, Handle, expected: 1))
            await host.Reached;

        Assert.Equal(["media/x"], _handled);
    }

    [Fact]
    public async Task Handler_FailsOneMessage_GetsItAloneAgain()
    {
        var (store, options) = await PrepareAsync(await servers.S3, log: false);
        (options.RecordsPerMessage, options.RetryDelay) = (1, TimeSpan.FromMilliseconds(1));
        foreach (string name in new[] { "a", "b", "c" })
            await WriteAsync(store, $"media/{name}");
        int failures = 0;

        await using (Running host = Start(options, (message, keys) => keys[0] == "media/b" && failures++ == 0 ? false : Handle(message, keys), expected: 3))
            await host.Reached;

        Assert.Equal(["media/a", "media/b", "media/c"], _handled.Order());
        Assert.Equal(2, failures);
    }

    [Fact]
    public async Task Handler_ThrowsEveryTime_EndsInDeadLetters()
    {
        var (store, options) = await PrepareAsync(await servers.S3, log: false);
        (options.MaxReceiveCount, options.RetryDelay) = (3, TimeSpan.FromMilliseconds(1));
        await WriteAsync(store, "media/poison");

        await using (Running host = Start(options, (message, keys) => Handle(message, keys) ? throw new InvalidDataException("bad") : false, expected: 3))
            await host.Reached;

        Assert.Equal(3, _handled.Count);
        using MessageQueue queue = MessageQueue.Open(options, TimeProvider.System);
        Assert.Empty(queue.Take(1));
        Assert.Contains("media/poison", Assert.Single(queue.ReadDeadLetters()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_AfterSuccess_DeliversNothingTwice()
    {
        var (store, options) = await PrepareAsync(await servers.S3, log: false);
        for (int i = 0; i < 20; i++)
            await WriteAsync(store, $"media/{i:00}");
        await using (Running first = Start(options, Handle, expected: 20))
            await first.Reached;

        await WriteAsync(store, "media/20");
        await using (Running second = Start(options, Handle, expected: 21))
            await second.Reached;

        Assert.Equal(Enumerable.Range(0, 21).Select(i => $"media/{i:00}"), _handled.Order());
    }

    [Fact]
    public async Task Stop_WhileHandling_LetsTheHandlerFinish()
    {
        var (store, options) = await PrepareAsync(await servers.S3, log: false);
        await WriteAsync(store, "media/slow");
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Running host = Start(options, (message, keys) =>
        {
            begun.SetResult();
            mayEnd.Task.Wait(TimeSpan.FromSeconds(60));
            return Handle(message, keys);
        }, expected: 1);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        ValueTask stopping = host.DisposeAsync();
        Assert.False(stopping.IsCompleted);
        mayEnd.SetResult();
        await stopping;

        Assert.Equal(["media/slow"], _handled);
        using MessageQueue queue = MessageQueue.Open(options, TimeProvider.System);
        Assert.Empty(queue.Take(1));
    }

    [Fact]
    public async Task Storage_AwayAtFirst_IsFoundWhenItComesBack()
    {
        await using S3Server server = await S3Server.StartAsync();
        var (store, options) = await PrepareAsync(server, log: true);
        await WriteAsync(store, "media/kept");
        await server.KillAsync();

        await using Running host = Start(options, Handle, expected: 1);
        await server.RestartAsync();
        await host.Reached;

        Assert.Equal(["media/kept"], _handled);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<(S3ObjectStore Store, LambdaOptions Options)> PrepareAsync(S3Server server, bool log)
    {
        S3StorageOptions bucket = await server.CreateBucketAsync();
        LambdaOptions options = new()
        {
            ServiceUrl = server.ServiceUrl,
            Bucket = bucket.Bucket!,
            DataDirectory = _directory,
            AccessLog = log ? server.AccessLogPath : null,
        };
        return (new(bucket, TimeProvider.System), options);
    }

    private static Task<StoredObject> WriteAsync(S3ObjectStore store, string path) => store.WriteAsync(
        path, new MemoryStream(Encoding.UTF8.GetBytes(path)), WriteCondition.Always, "text/plain", TestContext.Current.CancellationToken);

    private bool Handle(SQSEvent.SQSMessage message, string[] keys)
    {
        Array.ForEach(keys, _handled.Enqueue);
        return true;
    }

    /// <summary>Starts the runtime around a handler that says of each message whether it succeeded.</summary>
    private Running Start(LambdaOptions options, Func<SQSEvent.SQSMessage, string[], bool> handle, int expected, TimeProvider? time = null)
    {
        Running running = new(_handled, expected);
        running.Begin(LambdaHost.RunAsync(options, Invoke, new EventFaults(new ConfigurationBuilder().Build()), time ?? TimeProvider.System, NullLogger.Instance, running.Stopping));
        return running;

        Task<ReadOnlyMemory<byte>> Invoke(byte[] payload, ILambdaContext context)
        {
            SQSBatchResponse response = new();
            try
            {
                foreach (SQSEvent.SQSMessage message in _serializer.Deserialize<SQSEvent>(new MemoryStream(payload)).Records)
                {
                    S3Event notification = _serializer.Deserialize<S3Event>(new MemoryStream(Encoding.UTF8.GetBytes(message.Body)));
                    if (!handle(message, [.. notification.Records.Select(r => r.S3.Object.KeyDecoded)]))
                        response.BatchItemFailures.Add(new() { ItemIdentifier = message.MessageId });
                }
            }
            finally
            {
                running.Look();
            }
            MemoryStream answer = new();
            _serializer.Serialize(response, answer);
            return Task.FromResult<ReadOnlyMemory<byte>>(answer.ToArray());
        }
    }

    /// <summary>A runtime until it is disposed of, which stops it as a signal does.</summary>
    private sealed class Running(ConcurrentQueue<string> handled, int expected) : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly CancellationTokenSource _stop = new();
        private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _expected = expected;
        private Task _run = Task.CompletedTask;

        public CancellationToken Stopping => _stop.Token;

        public Task Reached => _reached.Task.WaitAsync(Patience);

        public void Begin(Task run) => _run = run;

        public void Expect(int count)
        {
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _expected = count;
        }

        public void Look()
        {
            if (handled.Count >= _expected)
                _reached.TrySetResult();
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run;
        }
    }
}
