using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Functions.Azure.Predictions.OpenInference;

namespace Serverless.Functions.Azure.Access;

/// <summary>Lets HTTP requests in by role, before they take a place in a lane.</summary>
internal sealed class AccessMiddleware(AccessCheck access) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            access.Admit(http.Request, ProtocolRoutes.DeclaredName(context.FunctionDefinition.Name));
        }
        return next(context);
    }
}
