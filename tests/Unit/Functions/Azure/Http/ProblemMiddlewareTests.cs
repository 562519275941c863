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
