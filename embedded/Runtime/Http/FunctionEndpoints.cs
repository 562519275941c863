using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>One endpoint for each HTTP function: authorise, admit, run, and turn errors into a status.</summary>
internal sealed class FunctionEndpoints(FunctionRunner runner, KeyRing keys, RequestGate gate)
{
    public void Map(IEndpointRouteBuilder routes, IEnumerable<FunctionModel> functions, string prefix)
    {
        foreach (var function in functions)
        {
            if (function.Trigger is not HttpTriggerAttribute http)
                continue;
            var pattern = RouteOf(function.Name, http, prefix);
            RequestDelegate handle = context => HandleAsync(context, function, http);
            var endpoint = http.Methods is { Length: > 0 } methods
                ? routes.MapMethods(pattern, methods.Select(method => method.ToUpperInvariant()), handle)
                : routes.Map(pattern, handle);
            endpoint.WithDisplayName(function.Name);
        }
    }

    public static string RouteOf(string function, HttpTriggerAttribute http, string prefix)
    {
        var route = (http.Route ?? function).TrimStart('/');
        return prefix.Length == 0 ? $"/{route}" : $"/{prefix}/{route}";
    }

    private async Task HandleAsync(HttpContext http, FunctionModel function, HttpTriggerAttribute trigger)
    {
        if (!keys.Allows(http.Request, trigger.AuthLevel, function.Name))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var admission = await gate.EnterAsync(http.RequestAborted);
        if (!admission.IsAcquired)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        try
        {
            await runner.RunAsync(function, EventOf(http), http.RequestAborted);
        }
        catch (Exception exception)
        {
            await FailAsync(http, exception);
        }
    }

    private static TriggerEvent EventOf(HttpContext http)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in http.Request.Query)
            data[name] = value.ToString();
        foreach (var (name, value) in http.Request.RouteValues)
            data[name] = value;
        return new TriggerEvent($"{http.Request.Method} {http.Request.Path}", http, data)
        {
            Prepare = context => Attach(http, context),
            Complete = context => ResultWriter.WriteAsync(http, context.Result, context.CancellationToken),
        };
    }

    private static void Attach(HttpContext http, InvocationContext context)
    {
        http.RequestServices = context.InstanceServices;
        context.Items[AspNetCoreIntegration.ItemKey] = http;
        context.Features.Set<Microsoft.Azure.Functions.Worker.Http.IHttpRequestDataFeature>(new RequestDataFeature(http));
        context.Features.Set<Microsoft.Azure.Functions.Worker.Extensions.Http.Converters.IFromBodyConversionFeature>(RequestBody.Feature);
    }

    /// <summary>The one table from errors to status codes; the runner has logged the error.</summary>
    private static async Task FailAsync(HttpContext http, Exception exception)
    {
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            http.Abort(); // a complete-looking answer would hide the failure
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = exception switch
        {
            FunctionInputConverterException => StatusCodes.Status400BadRequest,
            BadHttpRequestException bad => bad.StatusCode,
            OperationCanceledException => StatusCodes.Status503ServiceUnavailable, // the host is stopping
            _ => StatusCodes.Status500InternalServerError,
        };
        if (exception is FunctionInputConverterException or BadHttpRequestException)
            await http.Response.WriteAsync(exception.Message);
    }
}
