using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class BodyLimitTests
{
    private const string Instead = "There is another way.";

    [Fact]
    public void OpenBody_AnnouncedOverTheLimit_IsRefusedUnreadWithFoundAndAllowed()
    {
        HttpRequest request = Request(2_000);
        request.ContentLength = 2_000;

        RequestProblem problem = Assert.Throws<RequestProblem>(() => request.OpenBody(1_000, Instead));

        Assert.Equal((413, "The body has 2,000 bytes; allowed are 1,000. There is another way."), (problem.Status, problem.Message));
        Assert.Equal(0, request.Body.Position);
    }

    [Fact]
    public async Task OpenBody_UnannouncedOverTheLimit_IsRefusedWhileReading()
    {
        await using LimitedStream body = Request(2_000).OpenBody(1_000, Instead);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken)
        );

        Assert.Equal(413, problem.Status);
        Assert.EndsWith(Instead, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenBody_AtTheLimit_IsRead()
    {
        HttpRequest request = Request(1_000);
        request.ContentLength = 1_000;
        using MemoryStream read = new();

        await using LimitedStream body = request.OpenBody(1_000, Instead);
        await body.CopyToAsync(read, TestContext.Current.CancellationToken);

        Assert.Equal(1_000, read.Length);
    }

    private static HttpRequest Request(int length) =>
        new DefaultHttpContext { Request = { Body = new MemoryStream(new byte[length]) } }.Request;
}
