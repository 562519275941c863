using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Console;

/// <summary>
/// The pages of operations, which refresh themselves. They are files under Page/; the page itself holds no secret and asks for the key;
/// everything it shows comes from the API with that key.
/// </summary>
public sealed class ConsoleFunction
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    [Function("Console")]
    public static IResult ShowPage([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/console")] HttpRequest request) =>
        Send(request, "console.html");

    [Function("ConsoleFile")]
    public static IResult ShowFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/console/{file}")] HttpRequest request,
        string file
    ) => Send(request, file);

    private static IResult Send(HttpRequest request, string file)
    {
        if (
            !MediaTypes.TryGetValue(Path.GetExtension(file), out string? mediaType)
            || typeof(ConsoleFunction).Assembly.GetManifestResourceStream($"console/{file}") is not { } content
        )
        {
            throw RequestProblem.NotFound($"The console has no file '{file}'.");
        }
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Stream(content, mediaType);
    }
}
