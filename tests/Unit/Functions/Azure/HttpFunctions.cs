using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions.OpenInference;

namespace Serverless.Unit.Functions.Azure;

/// <summary>
/// Maps HTTP functions onto ASP.NET Core endpoints, by the attributes that the Functions host reads. Keys are the host's affair.
/// </summary>
internal static class HttpFunctions
{
    public static void MapFunctions(this WebApplication app, IEnumerable<Type> types, DurableTaskClient? client)
    {
        foreach (MethodInfo method in types.SelectMany(type => type.GetMethods()))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function && TriggerOf(method) is { } trigger)
            {
                string route = trigger.Route ?? function.Name;
                foreach (string each in ProtocolRoutes.IsProtocol(route) ? [route, ProtocolRoutes.Api + route] : new[] { route })
                {
                    app.MapMethods(each, trigger.Methods!, http => AnswerAsync(http, method, function.Name, client));
                }
            }
        }
    }

    private static HttpTriggerAttribute? TriggerOf(MethodInfo method) =>
        method
            .GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .FirstOrDefault(found => found is not null);

    private static async Task AnswerAsync(HttpContext http, MethodInfo method, string name, DurableTaskClient? client)
    {
        IResult? answer;
        try
        {
            ProblemMiddleware.Prepare(http.Request, name);
            if (method.DeclaringType!.Assembly == typeof(AccessCheck).Assembly) // a test's own functions have no role
            {
                http.RequestServices.GetRequiredService<AccessCheck>().Admit(http.Request, name);
            }
            object? instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(http.RequestServices, method.DeclaringType!);
            object?[] arguments = [.. method.GetParameters().Select(parameter => ArgumentOf(parameter, http, client))];
            answer = await FunctionCall.RunAsync(method, instance, arguments) as IResult;
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            answer = ActivatorUtilities.CreateInstance<ProblemMiddleware>(http.RequestServices).Answer(e, http, name, http.TraceIdentifier);
        }
        if (answer is not null)
        {
            await answer.ExecuteAsync(http);
        }
    }

    private static object? ArgumentOf(ParameterInfo parameter, HttpContext http, DurableTaskClient? client)
    {
        Type type = parameter.ParameterType;
        return type == typeof(HttpRequest) ? http.Request
            : type == typeof(CancellationToken) ? http.RequestAborted
            : type == typeof(DurableTaskClient) ? client ?? throw new InvalidOperationException("This app has no durable client.")
            : http.GetRouteValue(parameter.Name!) is string text
                ? TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, text)
            : null;
    }
}
