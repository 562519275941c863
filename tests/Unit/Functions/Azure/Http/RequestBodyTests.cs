using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Bodies;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class RequestBodyTests
{
    private readonly BodyMemory _memory = new(100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_WhereOtherBodiesLeaveNoRoom_Is429_UntilTheyHaveBeenAnswered(bool hasLength)
    {
        using BodyShare first = new(_memory),
            second = new(_memory);
        Assert.Equal(60, (await RequestBody.ReadAsync(Of(60, hasLength, first), 100, Token)).Length);

        RequestProblem refused = await Assert.ThrowsAsync<RequestProblem>(() =>
            RequestBody.ReadAsync(Of(60, hasLength, second), 100, Token)
        );
        second.Dispose();
        first.Dispose();

        Assert.Equal(429, refused.Status);
        Assert.EndsWith("100 bytes are allowed at a time.", refused.Message, StringComparison.Ordinal);
        using BodyShare third = new(_memory);
        Assert.Equal(100, (await RequestBody.ReadAsync(Of(100, hasLength, third), 100, Token)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_OfWhatIsTooLarge_Is413(bool hasLength)
    {
        using BodyShare share = new(_memory);

        RequestProblem refused = await Assert.ThrowsAsync<RequestProblem>(() => RequestBody.ReadAsync(Of(51, hasLength, share), 50, Token));

        Assert.Equal(413, refused.Status);
    }

    [Fact]
    public async Task Body_ThatIsAnnouncedAndDoesNotCome_TakesNoRoomOfOthers()
    {
        using BodyShare slow = new(_memory),
            other = new(_memory);
        HttpRequest waiting = Of(0, hasLength: false, slow);
        Pipe body = new();
        (waiting.Body, waiting.ContentLength) = (body.Reader.AsStream(), 100);
        Task<ReadOnlyMemory<byte>> read = RequestBody.ReadAsync(waiting, 100, Token);

        Assert.Equal(100, (await RequestBody.ReadAsync(Of(100, hasLength: true, other), 100, Token)).Length);

        other.Dispose();
        await body.Writer.WriteAsync(new byte[100], Token);
        await body.Writer.CompleteAsync();
        Assert.Equal(100, (await read).Length);
    }

    private static HttpRequest Of(int bytes, bool hasLength, BodyShare share)
    {
        DefaultHttpContext context = new();
        context.Features.Set(share);
        context.Request.Body = new MemoryStream(new byte[bytes]);
        context.Request.ContentLength = hasLength ? bytes : null;
        return context.Request;
    }
}
