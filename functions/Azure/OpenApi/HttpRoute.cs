using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Functions.Azure.OpenApi;

/// <summary>A way into the app, as a trigger declares it.</summary>
/// <param name="Path">From the root, with parameters as OpenAPI writes them.</param>
/// <param name="Parameters">Names in the path.</param>
internal sealed partial record HttpRoute(
    string Function,
    string Method,
    string Path,
    IReadOnlyList<string> Parameters,
    AuthorizationLevel Level
)
{
    /// <summary>One for each method of each HTTP function of the app; host.json puts no prefix before them.</summary>
    public static IReadOnlyList<HttpRoute> All { get; } =
    [
        .. from type in typeof(HttpRoute).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method
            .GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .FirstOrDefault(found => found is not null)
        where trigger is not null
        from verb in trigger.Methods
            ?? throw new InvalidOperationException($"Function {function.Name} takes any method; name those that it takes.")
        select Of(function.Name, verb, trigger),
    ];

    private static HttpRoute Of(string function, string method, HttpTriggerAttribute trigger)
    {
        string path = "/" + ParameterName().Replace(trigger.Route ?? function, "{$1}");
        return new HttpRoute(
            function,
            method.ToLowerInvariant(),
            path,
            [.. ParameterName().Matches(path).Select(match => match.Groups[1].Value)],
            trigger.AuthLevel
        );
    }

    /// <summary>A parameter of a route template, without its catch-all mark, constraint and default.</summary>
    [GeneratedRegex(@"\{\*{0,2}([A-Za-z][A-Za-z0-9]*)[^}]*\}")]
    private static partial Regex ParameterName();
}
