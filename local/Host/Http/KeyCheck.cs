using Microsoft.AspNetCore.Http;

namespace Serverless.Local.Host.Http;

/// <summary>Reads the key out of a request: the header x-functions-key, else the query's code.</summary>
internal static class KeyCheck
{
    public static bool Allows(this KeyRing keys, HttpRequest request, AccessLevel level, string? name) =>
        keys.Allows(level, name, request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString());
}
