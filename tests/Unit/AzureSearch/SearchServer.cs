using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.AzureSearch;

namespace Serverless.Unit.AzureSearch;

/// <summary>
/// A search service that speaks what is documented of the REST API of 2023-11-01, as far as it is used: indexes are made, read and changed,
/// documents are stored, found by words and by vectors through filters, and whatever is not documented is refused with 400.
/// </summary>
internal sealed class SearchServer : IAsyncDisposable
{
    public const string Key = "the-admin-key";
    private const string ApiVersion = "2023-11-01";

    private readonly WebApplication _app;
    private readonly Lock _changing = new();
    private int _port;

    private SearchServer(WebApplication app) => _app = app;

    public Dictionary<string, SearchServerIndex> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Statuses of the next answers, whatever is asked.</summary>
    public ConcurrentQueue<int> NextAnswers { get; } = new();

    /// <summary>What a document's write is answered; the rest of its batch is written all the same.</summary>
    public Func<JsonObject, int> StatusOfWrite { get; set; } = _ => 200;

    /// <summary>Done once, before the next write.</summary>
    public Func<Task>? BeforeNextWrite { get; set; }

    /// <summary>Methods and paths that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public static async Task<SearchServer> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        SearchServer server = new(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync(cancellationToken);
        server._port = new Uri(server._app.Urls.Single()).Port;
        return server;
    }

    /// <summary>The client asks by https, which a service demands; here it is led to this server.</summary>
    public ServiceClient Connect(string index = "assets", string key = Key, TimeProvider? time = null) =>
        new(
            new SearchEngineOptions
            {
                Engine = SearchEngine.AzureAISearch,
                Endpoint = new Uri("https://tests.search.windows.net"),
                Index = index,
                Key = key,
            },
            time ?? TimeProvider.System,
            new HttpClientTransport(new Redirection(_port))
        );

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        Asked.Enqueue($"{request.Method} {request.Path}");
        if (NextAnswers.TryDequeue(out int status))
        {
            context.Response.Headers.RetryAfter = "0";
            await WriteAsync(context.Response, new SearchProblem(status, "The service is busy."));
            return;
        }
        try
        {
            Check(request.Query["api-version"] == ApiVersion, $"api-version '{request.Query["api-version"]}' is not supported.");
            if (request.Headers["api-key"] != Key)
            {
                throw new SearchProblem(403, "The api-key is not that of the service.");
            }
            JsonObject? body = request.ContentLength is null or 0 ? null : (await JsonNode.ParseAsync(request.Body))!.AsObject();
            if (request.Path.Value!.EndsWith("search.index", StringComparison.Ordinal) && BeforeNextWrite is { } before)
            {
                BeforeNextWrite = null;
                await before();
            }
            (int found, JsonNode? answer) = Answer(request, body);
            await WriteAsync(context.Response, found, answer);
        }
        catch (SearchProblem problem)
        {
            await WriteAsync(context.Response, problem);
        }
    }

    private (int, JsonNode?) Answer(HttpRequest request, JsonObject? body)
    {
        string[] parts = request.Path.Value!.TrimStart('/').Split('/');
        lock (_changing)
        {
            return (request.Method, parts) switch
            {
                ("POST", ["indexes"]) => Create(body!),
                ("GET", [var index]) => (200, IndexOf(index).ToJson()),
                ("PUT", [var index]) => Change(index, body!, request.Headers.IfMatch),
                ("GET", [var index, var document]) => (200, IndexOf(index).Get(NameIn(document, "docs"))),
                ("POST", [var index, "docs", "search.index"]) => IndexOf(index).Write(body!, StatusOfWrite),
                ("POST", [var index, "docs", "search.post.search"]) => (200, IndexOf(index).Search(body!)),
                _ => throw new SearchProblem(404, $"{request.Method} {request.Path} is not served."),
            };
        }
    }

    private (int, JsonNode?) Create(JsonObject body)
    {
        SearchServerIndex index = new(body);
        if (!Indexes.TryAdd(index.Name, index))
        {
            throw new SearchProblem(409, $"There is an index '{index.Name}' already.");
        }
        return (201, index.ToJson());
    }

    /// <summary>Fields may be added; the others may not change.</summary>
    private (int, JsonNode?) Change(string path, JsonObject body, string? tag)
    {
        SearchServerIndex index = IndexOf(path);
        if (tag is not null && tag.Trim('"') != index.Tag)
        {
            throw new SearchProblem(412, "The index was changed.");
        }
        index.Change(body);
        return (200, index.ToJson());
    }

    private SearchServerIndex IndexOf(string path) =>
        Indexes.GetValueOrDefault(NameIn(path, "indexes")) ?? throw new SearchProblem(404, $"There is no index at {path}.");

    /// <summary>Of "indexes('name')".</summary>
    private static string NameIn(string part, string collection)
    {
        string decoded = Uri.UnescapeDataString(part);
        Check(decoded.StartsWith($"{collection}('", StringComparison.Ordinal) && decoded.EndsWith("')", StringComparison.Ordinal), part);
        return decoded[(collection.Length + 2)..^2];
    }

    internal static void Check(bool holds, string fault)
    {
        if (!holds)
        {
            throw new SearchProblem(400, fault);
        }
    }

    private static Task WriteAsync(HttpResponse response, SearchProblem problem) =>
        WriteAsync(
            response,
            problem.Status,
            new JsonObject
            {
                ["error"] = new JsonObject { ["code"] = "", ["message"] = problem.Message },
            }
        );

    private static async Task WriteAsync(HttpResponse response, int status, JsonNode? body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; odata.metadata=none";
        await response.WriteAsync(body?.ToJsonString() ?? "");
    }

    private sealed class Redirection(int port) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!)
            {
                Scheme = "http",
                Host = "127.0.0.1",
                Port = port,
            }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}

internal sealed class SearchProblem(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
