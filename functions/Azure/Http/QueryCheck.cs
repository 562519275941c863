using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.OpenApi;

namespace Serverless.Functions.Azure.Http;

/// <summary>
/// Holds the query of a request against the parameters that the OpenAPI document lists for its function: a name that is misspelt would
/// otherwise be passed over, and a text cut in half would be searched for as something else.
/// </summary>
internal static class QueryCheck
{
    /// <summary>The key and its name, which the Functions host reads (learn.microsoft.com, "HTTP trigger", API keys).</summary>
    private static readonly string[] OfTheHost = ["code", "clientId"];

    private static readonly FrozenDictionary<string, string[]> Taken = OpenApiDocument.Operations.ToFrozenDictionary(
        operation => operation.Function,
        operation => operation.Parameters.Where(parameter => parameter.In == "query").Select(parameter => parameter.Name).ToArray()
    );

    /// <exception cref="RequestProblem">It has a parameter that the function does not take, or one that is no text.</exception>
    public static void Run(HttpRequest request, string function)
    {
        CheckText(request.QueryString.Value ?? "");
        if (!Taken.TryGetValue(function, out string[]? taken))
        {
            return;
        }
        foreach (string name in request.Query.Keys)
        {
            if (OfTheHost.Contains(name, StringComparer.OrdinalIgnoreCase) || taken.Any(known => IsNamed(name, known)))
            {
                continue;
            }
            throw RequestProblem.BadRequest(
                name == Requester.FormerName
                    ? Requester.Misplaced("query")
                    : $"There is no query parameter '{name}' here; "
                        + (taken.Length > 0 ? $"allowed are {string.Join(", ", taken)}." : "none is taken.")
            );
        }
    }

    /// <summary>"metric.{name}" stands for all that begin so.</summary>
    private static bool IsNamed(string name, string known) =>
        known.IndexOf('{', StringComparison.Ordinal) is > 0 and var end
            ? name.Length > end && name.StartsWith(known[..end], StringComparison.Ordinal)
            : name.Equals(known, StringComparison.OrdinalIgnoreCase);

    private static void CheckText(string query)
    {
        foreach (string pair in query.TrimStart('?').Split('&'))
        {
            byte[] raw = Encoding.UTF8.GetBytes(pair);
            if (!Utf8.IsValid(WebUtility.UrlDecodeToBytes(raw, 0, raw.Length)))
            {
                throw RequestProblem.BadRequest(
                    $"The query parameter '{pair.Split('=')[0]}' is no percent-encoded UTF-8; half of an emoji (a lone surrogate) has no "
                        + "such form."
                );
            }
        }
    }
}
