using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Lambda;

/// <summary>The official entry point against a Lambda Runtime API, over HTTP.</summary>
public sealed class RuntimeApiLoopTests
{
    [Fact]
    public async Task Run_Invocation_IsAnswered()
    {
        await using RuntimeApi api = new();
        ILambdaContext? seen = null;

        var (path, body) = await api.InvokeAsync("\"abc\"", (text, context) =>
        {
            seen = context;
            Assert.InRange(context.RemainingTime, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
            return Task.FromResult(text.ToUpperInvariant());
        });

        Assert.Equal(("/2018-06-01/runtime/invocation/request-1/response", "\"ABC\""), (path, body));
        Assert.Equal(("request-1", "arn:function"), (seen!.AwsRequestId, seen.InvokedFunctionArn));
    }

    [Fact]
    public async Task Run_HandlerThrows_ReportsTheError()
    {
        await using RuntimeApi api = new();

        var (path, body) = await api.InvokeAsync("\"abc\"", (_, _) => throw new InvalidDataException("too short"));

        Assert.Equal("/2018-06-01/runtime/invocation/request-1/error", path);
        JsonElement error = JsonDocument.Parse(body).RootElement;
        Assert.Equal(("too short", "InvalidDataException"), (error.GetProperty("errorMessage").GetString(), error.GetProperty("errorType").GetString()));
    }

    [Fact]
    public async Task Run_EventOfAnotherType_ReportsTheError()
    {
        await using RuntimeApi api = new();

        var (path, body) = await api.InvokeAsync("{\"a\":1}", (text, _) => Task.FromResult(text));

        Assert.EndsWith("/error", path, StringComparison.Ordinal);
        Assert.Contains("JSON strings must be quoted", body, StringComparison.Ordinal);
    }

    /// <summary>Hands out one invocation, takes its answer, and lets the next request wait.</summary>
    private sealed class RuntimeApi : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly string _endpoint;
        private Task _function = Task.CompletedTask;

        public RuntimeApi()
        {
            for (int port = 20_000 + Environment.ProcessId % 20_000; ; port++)
            {
                try
                {
                    _endpoint = $"127.0.0.1:{port}";
                    _listener.Prefixes.Clear();
                    _listener.Prefixes.Add($"http://{_endpoint}/");
                    _listener.Start();
                    return;
                }
                catch (HttpListenerException)
                {
                    // in use: the next one
                }
            }
        }

        public async Task<(string Path, string Body)> InvokeAsync(string payload, Func<string, ILambdaContext, Task<string>> handler)
        {
            _function = LambdaBootstrapBuilder.Create(handler, new DefaultLambdaJsonSerializer())
                .ConfigureOptions(o => o.RuntimeApiEndpoint = _endpoint)
                .Build()
                .RunAsync(_stop.Token);

            HttpListenerContext next = await _listener.GetContextAsync();
            Assert.Equal("/2018-06-01/runtime/invocation/next", next.Request.Url!.AbsolutePath);
            next.Response.AddHeader("Lambda-Runtime-Aws-Request-Id", "request-1");
            next.Response.AddHeader("Lambda-Runtime-Invoked-Function-Arn", "arn:function");
            next.Response.AddHeader("Lambda-Runtime-Deadline-Ms", DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
            next.Response.Close(Encoding.UTF8.GetBytes(payload), willBlock: true);

            HttpListenerContext answer = await _listener.GetContextAsync();
            string body = await new StreamReader(answer.Request.InputStream).ReadToEndAsync();
            answer.Response.StatusCode = 202;
            answer.Response.Close();
            return (answer.Request.Url!.AbsolutePath, body);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _function;
            _listener.Close();
            _stop.Dispose();
        }
    }
}
