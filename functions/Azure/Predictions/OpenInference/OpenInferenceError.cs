using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>The error object of the protocol, the same on all its routes.</summary>
internal sealed record OpenInferenceError(string Error)
{
    public static IResult Of(int status, string message) => Answers.Json(new OpenInferenceError(message), status);

    /// <summary>Whether a request came by one of the protocol's routes.</summary>
    public static bool IsOn(HttpRequest request)
    {
        string route = (request.Path.Value ?? "").TrimStart('/').ToLowerInvariant();
        return ProtocolRoutes.IsProtocol(
            route.StartsWith(ProtocolRoutes.Api, StringComparison.Ordinal) ? route[ProtocolRoutes.Api.Length..] : route
        );
    }
}
