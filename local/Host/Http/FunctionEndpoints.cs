using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Serverless.Local.Host.Functions;

namespace Serverless.Local.Host.Http;

/// <summary>One endpoint for each HTTP function: check the key, admit, run it through the job host.</summary>
internal sealed class FunctionEndpoints(JobHostRunner jobs, KeyRing keys, RequestGate gate, long bodyLimit, ILogger logger)
{
    public void Map(IEndpointRouteBuilder routes, IEnumerable<HttpRoute> functions)
    {
        foreach (HttpRoute route in functions)
        {
            RequestDelegate handle = context => HandleAsync(context, route);
            IEndpointConventionBuilder endpoint =
                route.Methods.Count > 0 ? routes.MapMethods(route.Pattern, route.Methods, handle) : routes.Map(route.Pattern, handle);
            endpoint.WithMetadata(route).WithDisplayName(route.Function.Name);
        }
    }

    private async Task HandleAsync(HttpContext context, HttpRoute route)
    {
        if (!keys.Allows(context.Request, route.Level, route.Function.Name))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        using RateLimitLease admission = await gate.EnterAsync(context.RequestAborted);
        if (!admission.IsAcquired)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        if (context.Request.ContentLength > bodyLimit)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        if (HeaderBeyondAscii(context.Request.Headers) is { } header)
        {
            // The real host cannot forward such a request either and answers with the same status.
            Log.HeaderNotAscii(logger, header);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        await RunAsync(context, route.Function);
    }

    private async Task RunAsync(HttpContext context, FunctionDefinition function)
    {
        try
        {
            await jobs.CallAsync(function, context, context.RequestAborted);
        }
        catch (Exception) when (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            context.Abort(); // a complete-looking answer would hide the failure
        }
        catch (OperationCanceledException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // the host is stopping
        }
        catch (Exception)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError; // the job host has logged it
        }
    }

    internal static string? HeaderBeyondAscii(IHeaderDictionary headers)
    {
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            foreach (string? value in values)
            {
                if (value is not null && !System.Text.Ascii.IsValid(value))
                {
                    return name;
                }
            }
        }
        return null;
    }
}
