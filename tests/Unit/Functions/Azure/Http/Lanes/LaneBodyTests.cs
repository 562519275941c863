using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Serverless.Functions.Azure.Audit;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http.Lanes;

/// <summary>Bodies that are slow to come, over connections of their own, on Kestrel.</summary>
public sealed class LaneBodyTests : IAsyncDisposable
{
    private const int Slow = 20;

    private readonly FakeTimeProvider _time = new();
    private readonly LaneMiddleware _lanes;
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly ConcurrentBag<TcpClient> _connections = [];
    private readonly TaskCompletionSource _held = new();
    private readonly TaskCompletionSource _answer = new();

    public LaneBodyTests()
    {
        _lanes = new LaneMiddleware(
            new LaneOptions
            {
                Predictions = 1,
                Uploads = 1,
                Bodies = Slow + 1,
                Streams = 2,
            },
            _time
        );
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Map("/{function}", AnswerAsync);
        _app.StartAsync(Token).GetAwaiter().GetResult();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Predict", 100)]
    [InlineData("UploadAsset", 100)]
    [InlineData("SetAlias", 100)]
    [InlineData("RegisterModel", 100)]
    public async Task Bodies_ThatDoNotCome_KeepNoOtherOfTheirLaneFromItsAnswer(string function, int length)
    {
        await SendSlowlyAsync(function, length, Slow);

        Assert.Equal(200, await SendAsync(function, length));
        Assert.Equal(200, await SendAsync(function, 0));
    }

    [Fact]
    public async Task Streams_ThatDoNotCome_KeepNoShortUploadFromItsAnswer_AndAreBounded()
    {
        await SendSlowlyAsync("UploadAsset", 2 << 20, 2);

        Assert.Equal(200, await SendAsync("UploadAsset", 100));
        Assert.Equal(429, await SendAsync("UploadAsset", 2 << 20));
    }

    [Fact]
    public async Task Bodies_AsManyAsMayBeOnTheirWay_RefuseOneMoreAtOnce_AndNoneOfOtherLanes()
    {
        await SendSlowlyAsync("Predict", 100, Slow + 1);

        Assert.Equal(429, await SendAsync("Predict", 100));
        Assert.Equal(200, await SendAsync("UploadAsset", 100));
        Assert.Equal(200, await SendAsync("SetAlias", 100));
    }

    [Fact]
    public async Task Lane_ThatIsFull_RefusesBeforeTheBodyHasCome()
    {
        Task<int> first = SendAsync("Predict", 100, "?hold=1");
        await _held.Task.WaitAsync(Token);

        string refused = await SendHeadAsync("Predict", 100);
        _answer.SetResult();

        Assert.StartsWith("HTTP/1.1 429", refused, StringComparison.Ordinal);
        Assert.Equal(200, await first);
    }

    [Theory]
    [InlineData("Predict", 100, 121)]
    [InlineData("UploadAsset", 2 << 20, 3_601)]
    public async Task Bodies_ThatAreLate_Are408_AndGiveTheirPlacesBack(string function, int length, int seconds)
    {
        Task<string> late = SendHeadAsync(function, length);
        await _waiting.WaitAsync(Token);

        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.StartsWith("HTTP/1.1 408", await late, StringComparison.Ordinal);
        await SendSlowlyAsync(function, length, 2);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TcpClient connection in _connections)
        {
            connection.Dispose();
        }
        _client.Dispose();
        await _app.DisposeAsync();
        _lanes.Dispose();
        _waiting.Dispose();
    }

    /// <summary>As the Functions worker does: the middleware, the log of acts, then a function that reads its body.</summary>
    private async Task AnswerAsync(HttpContext http)
    {
        Mock<FunctionDefinition> definition = new();
        definition.Setup(known => known.Name).Returns((string)http.Request.RouteValues["function"]!);
        Mock<FunctionContext> context = new();
        context.Setup(known => known.FunctionDefinition).Returns(definition.Object);
        context.Setup(known => known.Items).Returns(new Dictionary<object, object> { ["HttpRequestContext"] = http });
        try
        {
            await _lanes.Invoke(context.Object, _ => ReadAsync(http.Request, http.RequestAborted));
        }
        catch (RequestProblem problem)
        {
            http.Response.StatusCode = problem.Status;
            await http.Response.CompleteAsync();
        }
    }

    private async Task ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.Body = new AwaitedStream(request.Body, _waiting);
        await GivenReason.ReadAsync(request, cancellationToken);
        await using Stream body = await request.OpenBodyAsync(64 << 20, "", cancellationToken);
        await body.CopyToAsync(Stream.Null, cancellationToken);
        if (request.Query.ContainsKey("hold"))
        {
            _held.SetResult();
            await _answer.Task.WaitAsync(cancellationToken);
        }
    }

    private async Task<int> SendAsync(string function, int length, string query = "")
    {
        using ByteArrayContent body = new(new byte[length]);
        using HttpResponseMessage answer = await _client.PostAsync($"{function}{query}", body, Token);
        return (int)answer.StatusCode;
    }

    /// <summary>Ends when all of them are waited for.</summary>
    private async Task SendSlowlyAsync(string function, int length, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await ConnectAsync(function, length);
            await _waiting.WaitAsync(Token);
        }
    }

    private async Task<string> SendHeadAsync(string function, int length)
    {
        NetworkStream stream = await ConnectAsync(function, length);
        byte[] answer = new byte[12];
        await stream.ReadExactlyAsync(answer, Token);
        return Encoding.ASCII.GetString(answer);
    }

    /// <summary>A request that has sent one byte of its body.</summary>
    private async Task<NetworkStream> ConnectAsync(string function, int length)
    {
        TcpClient client = new();
        _connections.Add(client);
        await client.ConnectAsync("127.0.0.1", _client.BaseAddress!.Port, Token);
        string type = function == "RegisterModel" ? "application/json" : "application/octet-stream";
        string head = $"POST /{function} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n ";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Token);
        return client.GetStream();
    }

    /// <summary>Tells when more than the first byte is waited for.</summary>
    private sealed class AwaitedStream(Stream body, SemaphoreSlim waiting) : ForwardStream
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ValueTask<int> read = body.ReadAsync(buffer, cancellationToken);
            if (++_reads == 2)
            {
                waiting.Release();
            }
            return read;
        }

        public override int Read(Span<byte> buffer) => body.Read(buffer);
    }
}
