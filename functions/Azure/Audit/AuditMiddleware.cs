using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions.OpenInference;

namespace Serverless.Functions.Azure.Audit;

/// <summary>
/// Writes acts down, before they are done and after; behind those who refuse, so that a refused one takes no place in the log.
/// </summary>
internal sealed class AuditMiddleware(ActAudit audit) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        string function = ProtocolRoutes.DeclaredName(context.FunctionDefinition.Name);
        if (context.GetHttpContext() is not { } http || !ActAudit.Concerns(http.Request, function))
        {
            await next(context);
            return;
        }
        long begun = await audit.BeginAsync(http.Request, function, http.RequestAborted);
        int status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = (context.GetInvocationResult().Value as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        }
        catch (Exception e)
        {
            status = FaultTable.Of(e, http.Request)?.Status ?? status;
            throw;
        }
        finally
        {
            await audit.EndAsync(begun, function, status);
        }
    }
}
