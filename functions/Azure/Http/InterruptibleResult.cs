using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Http;

/// <summary>Sends an answer; ends quietly where the caller goes away meanwhile, which is no failure of the function.</summary>
internal sealed class InterruptibleResult(IResult answer) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await answer.ExecuteAsync(httpContext);
        }
        catch (Exception e) when (IsGone(httpContext, e))
        {
            // Nobody reads it.
        }
    }

    /// <summary>Whether the caller broke off, or was cut off for its slowness.</summary>
    public static bool IsGone(HttpContext http, Exception fault) =>
        http.RequestAborted.IsCancellationRequested && fault is (BadHttpRequestException or IOException or OperationCanceledException);
}
