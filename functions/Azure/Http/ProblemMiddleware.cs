using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Azure.Http.Bodies;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Serverless.Registry;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Http;

/// <summary>
/// Answers faults as <see cref="FaultTable"/> says, and those of ours: as problem+json (RFC 9457), and on the routes of the Open Inference
/// Protocol in the protocol's own shape.
/// </summary>
internal sealed class ProblemMiddleware(ILogger<ProblemMiddleware> log) : IFunctionsWorkerMiddleware
{
    private const int MaxCharacters = 2_000;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            if (context.GetHttpContext() is { } asked)
            {
                Prepare(asked.Request, ProtocolRoutes.DeclaredName(context.FunctionDefinition.Name));
            }
            await next(context);
            if (context.GetInvocationResult() is { Value: IResult answer } result)
            {
                result.Value = new InterruptibleResult(answer);
            }
        }
        catch (Exception e) when (context.GetHttpContext() is { } http)
        {
            context.GetInvocationResult().Value = InterruptibleResult.IsGone(http, e)
                ? Results.StatusCode(StatusCodes.Status499ClientClosedRequest)
                : Answer(e, http, context.FunctionDefinition.Name, context.InvocationId);
        }
    }

    /// <summary>What holds of every request, whichever function it is for.</summary>
    internal static void Prepare(HttpRequest request, string function)
    {
        HeaderText.CheckHeaders(request);
        QueryCheck.Run(request, function);
        BodyEncoding.Undo(request);
    }

    internal IResult Answer(Exception fault, HttpContext http, string function, string invocation)
    {
        FaultAnswer? known = FaultTable.Of(fault, http.Request);
        if (known?.RetryAfter is { } wait)
        {
            // whole seconds (RFC 9110)
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        if (known?.Message is not null)
        {
            log.RequestFailed(fault, function, invocation);
        }
        (int status, string message) = known is not null
            ? (known.Status, known.Message ?? fault.Message)
            : DescribeUnknown(fault, function, invocation);
        string told = Shorten(message);
        return OpenInferenceError.IsOn(http.Request)
            ? OpenInferenceError.Of(status, told)
            : Results.Problem(statusCode: status, detail: told);
    }

    /// <summary>What was found may be as long as the body: a message is for people.</summary>
    private static string Shorten(string message) =>
        message.Length <= MaxCharacters
            ? message
            : $"{RunText.Excerpt(message, MaxCharacters)} ... ({message.Length:N0} characters in all)";

    private (int Status, string Message) DescribeUnknown(Exception fault, string function, string invocation)
    {
        if (InterruptibleResult.IsCancelled(fault))
        {
            return (StatusCodes.Status503ServiceUnavailable, "The server is stopping.");
        }
        log.RequestFailed(fault, function, invocation);
        return (
            StatusCodes.Status500InternalServerError,
            // A record that was changed by other means: whoever asks is to know which.
            fault is RegistryException
                ? fault.Message
                : $"The request failed inside the server; its log has the reason under {invocation}."
        );
    }
}
