using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class BodyLimitTests
{
    private const string Instead = "There is another way.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenBody_AnnouncedOverTheLimit_IsRefusedUnreadWithFoundAndAllowed()
    {
        HttpRequest request = Request(2_000);
        request.ContentLength = 2_000;

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => request.OpenBodyAsync(1_000, Instead, Token));

        Assert.Equal((413, "The body has 2,000 bytes; allowed are 1,000. There is another way."), (problem.Status, problem.Message));
        Assert.Equal(0, request.Body.Position);
    }

    [Fact]
    public async Task OpenBody_UnannouncedOverTheLimit_IsRefusedWhileReading()
    {
        await using Stream body = await Request(2_000).OpenBodyAsync(1_000, Instead, Token);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => body.CopyToAsync(Stream.Null, Token));

        Assert.Equal(413, problem.Status);
        Assert.EndsWith(Instead, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(BodyLimit.HeldBytes)]
    [InlineData(BodyLimit.HeldBytes + 1)]
    public async Task OpenBody_AtTheLimit_IsRead(int length)
    {
        HttpRequest request = Request(length);
        request.ContentLength = length;
        using MemoryStream read = new();

        await using Stream body = await request.OpenBodyAsync(length, Instead, Token);
        await body.CopyToAsync(read, Token);

        Assert.Equal(length, read.Length);
    }

    private static HttpRequest Request(int length) =>
        new DefaultHttpContext { Request = { Body = new MemoryStream(new byte[length]) } }.Request;
}
