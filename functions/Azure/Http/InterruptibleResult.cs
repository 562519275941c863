using Grpc.Core;
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
        http.RequestAborted.IsCancellationRequested && (fault is BadHttpRequestException or IOException || IsCancelled(fault));

    /// <summary>Whether the call was broken off. What asks the run store says it in gRPC's own way.</summary>
    public static bool IsCancelled(Exception fault) =>
        fault is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };
}
