using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Azure.Predictions.OpenInference;

namespace Serverless.Functions.Azure.Http;

/// <summary>
/// Answers faults as <see cref="FaultTable"/> says: as problem+json (RFC 9457), and on the routes of the Open Inference Protocol in the
/// protocol's own shape, which there also holds for faults of ours.
/// </summary>
internal sealed class ProblemMiddleware(ILogger<ProblemMiddleware> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (context.GetHttpContext() is { } http && !http.RequestAborted.IsCancellationRequested && AnswerOf(e, http, context) is { } answer)
        {
            context.GetInvocationResult().Value = answer;
        }
    }

    private IResult? AnswerOf(Exception fault, HttpContext http, FunctionContext context)
    {
        bool isProtocol = OpenInferenceError.IsOn(http.Request);
        FaultAnswer? answer = FaultTable.Of(fault, http.Request);
        if (answer?.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture); // whole seconds (RFC 9110)
        if (!isProtocol) return answer is null ? null : Results.Problem(statusCode: answer.Status, detail: fault.Message);
        if (answer is not null) return OpenInferenceError.Of(answer.Status, fault.Message);
        if (fault is OperationCanceledException) return OpenInferenceError.Of(StatusCodes.Status503ServiceUnavailable, "The server is stopping.");
        log.RequestFailed(fault, context.FunctionDefinition.Name, context.InvocationId);
        return OpenInferenceError.Of(StatusCodes.Status500InternalServerError, $"The request failed inside the server; its log has the reason under {context.InvocationId}.");
    }
}
