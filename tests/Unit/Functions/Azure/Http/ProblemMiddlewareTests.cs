using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class ProblemMiddlewareTests
{
    [Fact]
    public void Answer_OfAFaultThatQuotesAWholeBody_IsCutBeforeAHalfCharacter()
    {
        string known = new('x', 1999);

        Assert.Equal(known + " ... (7,001 characters in all)", DetailOf(known + "😀" + new string('y', 5000)));
        Assert.Equal(known + "y", DetailOf(known + "y"));
    }

    [Fact]
    public void Answer_OfARunStoreThatIsAway_NamesIt_AndKeepsToItselfWhereItLies()
    {
        DefaultHttpContext http = new();

        ProblemHttpResult answer = Assert.IsType<ProblemHttpResult>(
            new ProblemMiddleware(NullLogger<ProblemMiddleware>.Instance).Answer(
                new RpcException(new Status(StatusCode.Internal, "/data/runs.db is full")),
                http,
                "StartRun",
                "1"
            )
        );

        Assert.Equal(503, answer.StatusCode);
        Assert.Equal("5", http.Response.Headers.RetryAfter);
        Assert.StartsWith("The run store does not answer or takes no writes", answer.ProblemDetails.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("/data", answer.ProblemDetails.Detail, StringComparison.Ordinal);
    }

    private static string? DetailOf(string message) =>
        Assert
            .IsType<ProblemHttpResult>(
                new ProblemMiddleware(NullLogger<ProblemMiddleware>.Instance).Answer(
                    RequestProblem.BadRequest(message),
                    new DefaultHttpContext(),
                    "Predict",
                    "1"
                )
            )
            .ProblemDetails.Detail;
}
