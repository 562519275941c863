using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class InterruptibleResultTests
{
    [Fact]
    public async Task ACallerThatGoesAway_WhileTheAnswerIsSent_IsNoFailure()
    {
        DefaultHttpContext http = new() { RequestAborted = new CancellationToken(canceled: true) };

        await new InterruptibleResult(new JsonAnswer<int>(7, StatusCodes.Status200OK)).ExecuteAsync(http);

        Assert.Equal(StatusCodes.Status200OK, http.Response.StatusCode);
    }

    [Fact]
    public async Task AnAnswerThatFailsByItself_Fails()
    {
        DefaultHttpContext here = new();
        DefaultHttpContext gone = new() { RequestAborted = new CancellationToken(canceled: true) };

        await Assert.ThrowsAsync<IOException>(() => new InterruptibleResult(new Failing(new IOException())).ExecuteAsync(here));
        await Assert.ThrowsAsync<FormatException>(() => new InterruptibleResult(new Failing(new FormatException())).ExecuteAsync(gone));
    }

    [Fact]
    public void ACallerThatGoesAway_WhileTheRunStoreIsAsked_IsNoFailure()
    {
        DefaultHttpContext here = new();
        DefaultHttpContext gone = new() { RequestAborted = new CancellationToken(canceled: true) };
        RpcException cancelled = new(new Status(StatusCode.Cancelled, "Call canceled by the client."));

        Assert.True(InterruptibleResult.IsGone(gone, cancelled));
        Assert.False(InterruptibleResult.IsGone(here, cancelled));
        Assert.False(InterruptibleResult.IsGone(gone, new RpcException(new Status(StatusCode.Internal, "torn"))));
    }

    private sealed class Failing(Exception fault) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Task.FromException(fault);
    }
}
