using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>Plans HTTP functions. <see cref="FunctionEndpoints"/> runs them.</summary>
internal sealed class HttpTriggerKind(bool aspNetCore) : ITriggerKind
{
    private const string Types = "HttpRequest, HttpContext, HttpRequestData, Stream, string, byte[], BinaryData and types that JSON fills";

    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not HttpTriggerAttribute http)
            return null;
        if (http.AuthLevel == AuthorizationLevel.User)
            site.Reject("AuthorizationLevel.User needs a platform login, which the embedded host has not; allowed are Anonymous, Function, System and Admin");
        return new TriggerPlan("httpTrigger", RequestParameter(site.Type, site) ?? Body(site), RouteNames(http, site))
        {
            HasOpenBindingData = true,
            FurtherParameter = RequestParameter,
        };
    }

    public static HttpContext HttpOf(InvocationContext context) => (HttpContext)context.TriggerValue!;

    private ParameterBinding? RequestParameter(Type type, ParameterSite site)
    {
        if (type == typeof(HttpRequestData))
            return async context => await context.GetHttpRequestDataAsync();
        if (type != typeof(HttpRequest) && type != typeof(HttpContext))
            return null;
        if (!aspNetCore)
            site.Reject($"{type.Name} needs ConfigureFunctionsWebApplication() in the app's Program.cs");
        return type == typeof(HttpContext) ? context => new(HttpOf(context)) : context => new(HttpOf(context).Request);
    }

    private static ParameterBinding Body(ParameterSite site)
    {
        if (!Payload.CanRead(site.Type))
            site.Reject($"a request cannot become {site.Type.Name}; allowed are {Types}");
        return async context => await RequestBody.ReadAsync(context, site.Type);
    }

    private static HashSet<string> RouteNames(HttpTriggerAttribute http, ParameterSite site)
    {
        try
        {
            var pattern = RoutePatternFactory.Parse(http.Route ?? site.Function);
            return pattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        }
        catch (RoutePatternException malformed)
        {
            site.Reject($"the route '{http.Route}' is not a route template: {malformed.Message}");
            return [];
        }
    }
}
