using Microsoft.AspNetCore.Http;

namespace Serverless.Local.Host.Http;

/// <summary>Reads the key out of a request: the header x-functions-key, else the query's code.</summary>
internal static class KeyCheck
{
    public static bool Allows(this KeyRing keys, HttpRequest request, AccessLevel level, string? name)
    {
        string header = request.Headers["x-functions-key"].ToString();
        return keys.Allows(level, name, header.Length > 0 ? header : request.Query["code"].ToString());
    }
}
