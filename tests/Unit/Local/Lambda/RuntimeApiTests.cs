using System.Net;
using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Xunit;

namespace Serverless.Unit.Local.Lambda;

/// <summary>The official entry point against the Runtime API, over HTTP.</summary>
public sealed class RuntimeApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Messages_ReachTheHandlerWithTheirContext()
    {
        await using LambdaRig rig = await LambdaRig.WithoutRuntime().StartAsync(Token);
        TaskCompletionSource<ILambdaContext> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Function function = new(rig, (batch, context) =>
        {
            Assert.Equal("größe", Assert.Single(batch.Records).Body);
            Assert.InRange(context.RemainingTime, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
            seen.TrySetResult(context);
            return new SQSBatchResponse();
        });

        await rig.SendAsync("größe", Token);

        ILambdaContext context = await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:orders", context.InvokedFunctionArn);
        Assert.StartsWith("Root=1-", context.TraceId, StringComparison.Ordinal);
        await rig.UntilAsync(() => rig.Service.Queue.Count().Waiting == 0, Token);
    }

    [Fact]
    public async Task Run_HandlerThrowsEveryTime_EndsInDeadLetters()
    {
        LambdaRig rig = LambdaRig.WithoutRuntime();
        rig.Options.MaxReceiveCount = 2;
        await using LambdaRig started = await rig.StartAsync(Token);
        int calls = 0;
        await using Function function = new(rig, (_, _) =>
        {
            calls++;
            throw new InvalidDataException("too short");
        });

        await rig.SendAsync("a", Token);

        await rig.UntilAsync(() => rig.Service.Queue.Count() is { Waiting: 0, DeadLetters: 1 }, Token);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Response_ForAnotherRequest_IsRefused()
    {
        await using LambdaRig rig = await LambdaRig.WithoutRuntime().StartAsync(Token);
        using HttpClient http = new();

        using HttpResponseMessage response = await http.PostAsync(
            $"http://{rig.Service.RuntimeApis[0]}/2018-06-01/runtime/invocation/unknown/response",
            new StringContent("{}"),
            Token
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("InvalidRequestID", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_LargerThanLambdaTakes_FailsTheInvocation()
    {
        LambdaRig rig = LambdaRig.WithoutRuntime();
        rig.Options.MaxReceiveCount = 1;
        await using LambdaRig started = await rig.StartAsync(Token);
        await rig.SendAsync("a", Token);
        using HttpClient http = new();
        string root = $"http://{rig.Service.RuntimeApis[0]}/2018-06-01/runtime/invocation";
        using HttpResponseMessage next = await http.GetAsync($"{root}/next", Token);
        string id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();

        using HttpResponseMessage response = await http.PostAsync(
            $"{root}/{id}/response",
            new ByteArrayContent(new byte[(6 << 20) + 1]),
            Token
        );

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await rig.UntilAsync(() => rig.Service.Queue.Count().DeadLetters == 1, Token);
    }

    [Fact]
    public async Task Run_WithoutARuntimeApi_SaysWhatIsMissing()
    {
        using LambdaBootstrap bootstrap = LambdaBootstrapBuilder
            .Create<string, string>(text => text, new DefaultLambdaJsonSerializer())
            .Build();

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => bootstrap.RunAsync(Token));

        Assert.Contains("AWS_LAMBDA_RUNTIME_API", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_EventOfAnotherType_SaysWhatAStringLooksLike()
    {
        JsonSerializerException refused = Assert.Throws<JsonSerializerException>(() =>
            new DefaultLambdaJsonSerializer().Deserialize<string>(new MemoryStream(Encoding.UTF8.GetBytes("{\"a\":1}")))
        );

        Assert.Contains("JSON strings must be quoted", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A handler that runs in this process, through the official entry point.</summary>
    private sealed class Function : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly LambdaBootstrap _bootstrap;
        private readonly Task _running;

        public Function(LambdaRig rig, Func<SQSEvent, ILambdaContext, SQSBatchResponse> handler)
        {
            _bootstrap = LambdaBootstrapBuilder
                .Create(handler, new DefaultLambdaJsonSerializer())
                .ConfigureOptions(options => options.RuntimeApiEndpoint = rig.Service.RuntimeApis[0])
                .Build();
            _running = _bootstrap.RunAsync(_stop.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _bootstrap.Dispose();
            _stop.Dispose();
        }
    }
}
