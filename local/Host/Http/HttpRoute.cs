using Newtonsoft.Json.Linq;
using Serverless.Local.Host.Functions;

namespace Serverless.Local.Host.Http;

/// <summary>Where an HTTP function listens. No methods means all.</summary>
internal sealed record HttpRoute(FunctionDefinition Function, string Pattern, IReadOnlyList<string> Methods, AccessLevel Level)
{
    public static HttpRoute Of(FunctionDefinition function, string prefix)
    {
        string route = (function.Trigger.Property("route") ?? function.Name).Trim('/');
        prefix = prefix.Trim('/');
        return new HttpRoute(
            function,
            prefix.Length == 0 ? $"/{route}" : $"/{prefix}/{route}",
            [.. (function.Trigger.Metadata["methods"] ?? new JArray()).Select(method => $"{method}".ToUpperInvariant())],
            Enum.TryParse(function.Trigger.Property("authLevel"), ignoreCase: true, out AccessLevel level) ? level : AccessLevel.Function
        );
    }
}
