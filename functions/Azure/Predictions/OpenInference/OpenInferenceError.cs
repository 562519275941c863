using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>The error object of the protocol, the same on all its routes.</summary>
internal sealed record OpenInferenceError(string Error)
{
    private const string Route = "/v2";

    public static IResult Of(int status, string message) => Answers.Json(new OpenInferenceError(message), status);

    /// <summary>Whether a request came by one of the protocol's routes, behind whatever prefix the host has.</summary>
    public static bool IsOn(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        int at = path.IndexOf(Route, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && path.IndexOf('/', 1) == at && (path.Length == at + Route.Length || path[at + Route.Length] == '/');
    }
}
