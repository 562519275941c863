using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Media;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Http;

/// <summary>The one table from kinds of errors to HTTP answers, as problem+json (RFC 9457). What it does not name is a fault of ours: 500.</summary>
internal sealed class ProblemMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (context.GetHttpContext() is { } http && StatusOf(e, http.Request) is { } status)
        {
            context.GetInvocationResult().Value = Results.Problem(statusCode: status, detail: e.Message);
        }
    }

    private static int? StatusOf(Exception e, HttpRequest request) => e switch
    {
        RequestProblem problem => problem.Status,
        BadHttpRequestException broken => broken.StatusCode,
        MediaRejectedException or ModelRejectedException => StatusCodes.Status422UnprocessableEntity,
        RegistryException registry => StatusOf(registry.Fault, request),
        ObjectPathException => StatusCodes.Status400BadRequest,
        ObjectTooLargeException => StatusCodes.Status413PayloadTooLarge,
        _ => null,
    };

    /// <summary>Null for what is corrupt: that is a fault of ours, or somebody's work on the storage.</summary>
    private static int? StatusOf(RegistryFault fault, HttpRequest request) => fault switch
    {
        RegistryFault.Invalid => StatusCodes.Status400BadRequest,
        RegistryFault.Missing => StatusCodes.Status404NotFound,
        RegistryFault.Conflict when request.Headers.IfMatch.Count > 0 => StatusCodes.Status412PreconditionFailed,
        RegistryFault.Conflict or RegistryFault.Protected or RegistryFault.Unsigned => StatusCodes.Status409Conflict,
        _ => null,
    };
}
