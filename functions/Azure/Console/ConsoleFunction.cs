using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Console;

/// <summary>
/// The pages of operations, which refresh themselves. They are files under Page/; the page itself holds no secret and asks for the key;
/// everything it shows comes from the API with that key.
/// </summary>
public sealed class ConsoleFunction(AssetStores stores, RegistryOptions registry)
{
    private const string Page = "console.html";

    // Their names have no character that would mean something in HTML.
    private const string NoEnvironments = "data-environments=\"\"";
    private readonly string _environments = $"data-environments=\"{string.Join(' ', registry.Environments)}\"";

    // Pictures come through the API, films from the storage itself, and uploads go there.
    private readonly string _policy = PolicyFor(
        string.Join(' ', stores.All.Select(store => store.Origin.GetLeftPart(UriPartial.Authority)))
    );

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    [Function("Console")]
    public IResult ShowPage([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/console")] HttpRequest request) =>
        Send(request, Page);

    [Function("ConsoleFile")]
    public IResult ShowFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/console/{file}")] HttpRequest request,
        string file
    ) => Send(request, file);

    private IResult Send(HttpRequest request, string file)
    {
        if (
            !MediaTypes.TryGetValue(Path.GetExtension(file), out string? mediaType)
            || typeof(ConsoleFunction).Assembly.GetManifestResourceStream($"console/{file}") is not { } content
        )
        {
            throw RequestProblem.NotFound($"The console has no file '{file}'.");
        }
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        return file == Page ? Results.Text(ReadPage(content), mediaType) : Results.Stream(content, mediaType);
    }

    private string ReadPage(Stream content)
    {
        using StreamReader reader = new(content);
        return reader.ReadToEnd().Replace(NoEnvironments, _environments, StringComparison.Ordinal);
    }

    private static string PolicyFor(string storage) =>
        $"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {storage}; img-src blob: {storage}; "
        + $"media-src blob: {storage}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
