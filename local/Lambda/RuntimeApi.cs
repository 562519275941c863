using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Serverless.Local.Lambda;

/// <summary>The Lambda Runtime API over HTTP. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</summary>
/// <param name="find">The environment whose runtime a request comes from.</param>
internal sealed class RuntimeApi(LambdaOptions options, Func<HttpContext, ExecutionEnvironment?> find, ILogger logger)
{
    private const string Root = "/2018-06-01/runtime";
    private const int MaxAnswerBytes = 6 << 20;
    private const int MaxErrorBytes = 1 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"{Root}/invocation/next", NextAsync);
        routes.MapPost($"{Root}/invocation/{{id}}/response", RespondAsync);
        routes.MapPost($"{Root}/invocation/{{id}}/error", FailAsync);
        routes.MapPost($"{Root}/init/error", FailToStartAsync);
    }

    private async Task NextAsync(HttpContext context)
    {
        if (find(context) is not { } environment)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Invocation invocation;
        try
        {
            invocation = await environment.NextAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            return;
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] = invocation.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = options.FunctionArn;
        headers["Lambda-Runtime-Trace-Id"] = TraceId.Of(invocation);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = invocation.Payload.Length;
        await context.Response.Body.WriteAsync(invocation.Payload, context.RequestAborted);
    }

    private async Task RespondAsync(HttpContext context, string id)
    {
        byte[]? answer = await ReadAsync(context, MaxAnswerBytes);
        InvocationOutcome outcome = answer is not null
            ? InvocationOutcome.Answered(answer)
            : InvocationOutcome.Failed("Function.ResponseSizeTooLarge", $"The answer is longer than {MaxAnswerBytes} bytes.");
        bool taken = find(context)?.TryEnd(id, outcome) == true;
        await ReplyAsync(context, taken, isTooLarge: answer is null);
    }

    private async Task FailAsync(HttpContext context, string id)
    {
        FunctionError error = await ReadErrorAsync(context);
        bool taken = find(context)?.TryEnd(id, new InvocationOutcome(default, error)) == true;
        await ReplyAsync(context, taken, isTooLarge: false);
    }

    private async Task FailToStartAsync(HttpContext context)
    {
        FunctionError error = await ReadErrorAsync(context);
        logger.FunctionFailedToStart(options.FunctionName, error.Type, error.Message.ReplaceLineEndings(" "));
        await ReplyAsync(context, taken: true, isTooLarge: false);
    }

    private static Task ReplyAsync(HttpContext context, bool taken, bool isTooLarge)
    {
        (int status, object body) = (taken, isTooLarge) switch
        {
            (_, true) => (
                StatusCodes.Status413PayloadTooLarge,
                new { errorMessage = "Exceeded maximum allowed payload size", errorType = "RequestEntityTooLarge" }
            ),
            (true, _) => (StatusCodes.Status202Accepted, new { status = "OK" }),
            _ => (StatusCodes.Status400BadRequest, (object)new { errorMessage = "Invalid request ID", errorType = "InvalidRequestID" }),
        };
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }

    private static async Task<FunctionError> ReadErrorAsync(HttpContext context)
    {
        string? type = context.Request.Headers["Lambda-Runtime-Function-Error-Type"];
        byte[] body = await ReadAsync(context, MaxErrorBytes) ?? [];
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return new FunctionError(type ?? TextIn(json, "errorType") ?? "Runtime.Unknown", TextIn(json, "errorMessage") ?? "");
        }
        catch (JsonException)
        {
            return new FunctionError(type ?? "Runtime.Unknown", "");
        }
    }

    private static string? TextIn(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object
        && json.RootElement.TryGetProperty(name, out JsonElement found)
        && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;

    /// <summary>Null for a body that is too long; the rest of it is read, so that the runtime gets to read the reply.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContext context, int limit)
    {
        using MemoryStream body = new();
        byte[] buffer = new byte[16 * 1024];
        long total = 0;
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; total += read)
        {
            if (total + read <= limit)
            {
                body.Write(buffer, 0, read);
            }
        }

        return total <= limit ? body.ToArray() : null;
    }
}
