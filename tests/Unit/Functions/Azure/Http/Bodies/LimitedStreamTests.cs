using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Bodies;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http.Bodies;

public sealed class LimitedStreamTests
{
    [Fact]
    public async Task Read_OfAsMuchAsAllowed_IsWhole()
    {
        await using LimitedStream limited = new(new MemoryStream(new byte[1000]), maxBytes: 1000);
        using MemoryStream copy = new();

        await limited.CopyToAsync(copy, TestContext.Current.CancellationToken);

        Assert.Equal(1000, copy.Length);
    }

    [Fact]
    public async Task Read_OfMore_IsRefusedWithTheLimit()
    {
        await using LimitedStream limited = new(new MemoryStream(new byte[1001]), maxBytes: 1000);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            limited.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken)
        );

        Assert.Equal(413, problem.Status);
        Assert.Contains("1,000 bytes", problem.Message, StringComparison.Ordinal);
    }
}
