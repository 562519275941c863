using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Serverless.Orchestrations;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Graph;

/// <summary>Counts calls of functions, and has runs know which function started them.</summary>
internal sealed class FunctionMiddleware(FunctionTally tally) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        string function = ProtocolRoutes.DeclaredName(context.FunctionDefinition.Name);
        StartTags.Set(RunTag.Starter, function);
        bool isFailed = false;
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            isFailed = IsFailure(e);
            throw;
        }
        finally
        {
            tally.Count(function, isFailed);
        }
    }

    /// <summary>Not a bad request, nor a call that was broken off.</summary>
    private static bool IsFailure(Exception fault) =>
        !InterruptibleResult.IsCancelled(fault) && FaultTable.StatusOf(fault) >= StatusCodes.Status500InternalServerError;
}
