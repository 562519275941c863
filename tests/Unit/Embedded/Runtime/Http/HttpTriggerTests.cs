using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Unit.Embedded.Runtime.Hosting;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Http;

public sealed class HttpTriggerTests : IAsyncLifetime
{
    private readonly Recorder _recorder = new();
    private TestApp _app = null!;

    private HttpClient Client => _app.Client;

    public async ValueTask InitializeAsync() => _app = await TestApp.StartAsync(new TestAppSetup(typeof(Functions))
    {
        HostJson = """{ "extensions": { "http": { "routePrefix": "v1", "maxConcurrentRequests": 1, "maxOutstandingRequests": 2 } } }""",
        Configure = builder =>
        {
            builder.Services.AddSingleton(_recorder);
            builder.UseMiddleware(async (context, next) =>
            {
                _recorder.Add($"before {context.FunctionDefinition.Name} {context.GetHttpContext()!.Request.Method}");
                await next();
                _recorder.Add($"after {context.GetInvocationResult().Value}");
            });
        },
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Request_BindsRouteAndQuery_ByName()
    {
        Assert.Equal("""{"name":"bob","age":3,"kind":"Sunday"}""", await Client.GetStringAsync("v1/people/bob?age=3&day=sunday"));
        Assert.Equal("""{"name":"bob","age":null,"kind":"Monday"}""", await Client.GetStringAsync("v1/people/bob"));
    }

    [Fact]
    public async Task Request_WithAnUnreadableValue_Gets400WithTheReason()
    {
        using var response = await Client.GetAsync("v1/people/bob?age=old");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("Function 'People' expects Int32 for 'age' and got 'old'.", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("DELETE", "v1/people/bob")]
    [InlineData("GET", "v1/nothing")]
    [InlineData("GET", "people/bob")]
    public async Task Request_ThatNoFunctionTakes_Gets404(string method, string path)
    {
        using var response = await Client.SendAsync(new HttpRequestMessage(new(method), path));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Body_IsReadAsJson_AndTheActionResultIsSent()
    {
        using var response = await Client.PostAsJsonAsync($"v1/Order?code={_app.FunctionKey}", new { name = "pen", count = 2 });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("""{"name":"pen","count":3}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Keys_OpenWhatTheirLevelCovers()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("v1/Order", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("v1/Order", "guess"));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync("v1/Order", _app.FunctionKey));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync("v1/Order", _app.MasterKey));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("v1/Admin", _app.FunctionKey));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("v1/Admin", _app.MasterKey));
    }

    [Fact]
    public void Keys_AreReadableByTheirOwnerOnly()
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_app.Directory, "data", "keys.json")));
    }

    [Fact]
    public async Task Middleware_SeesTheInvocationAndItsResult()
    {
        await Client.GetStringAsync("v1/people/bob");

        Assert.Equal("before People GET", await _recorder.NextAsync());
        Assert.StartsWith("after Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult", await _recorder.NextAsync());
    }

    [Fact]
    public async Task Failure_Gets500_WithoutDetails()
    {
        using var response = await Client.GetAsync("v1/Broken");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Upload_IsStreamed_UpToTheLimitThatTheFunctionSets()
    {
        using var small = await Client.PutAsync("v1/Upload", new ByteArrayContent(new byte[900_000]));
        using var large = await Client.PutAsync("v1/Upload", new ByteArrayContent(new byte[1_100_000]));

        Assert.Equal("900000", await small.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task RequestData_IsServedToo()
    {
        using var response = await Client.PostAsync("v1/Data?x=7", new StringContent("hello", Encoding.UTF8));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("yes", response.Headers.GetValues("x-seen").Single());
        Assert.Equal("""{"body":"hello","x":"7"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Requests_BeyondTheOutstandingLimit_Get429()
    {
        var running = Client.GetAsync("v1/Wait");
        Assert.Equal("before Wait GET", await _recorder.NextAsync());
        Task<HttpResponseMessage>[] others = [Client.GetAsync("v1/Wait"), Client.GetAsync("v1/Wait")];

        // Whichever of the two came first waits for its turn.
        var refused = await Task.WhenAny(others);
        Functions.Gate.SetResult();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await refused).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await others.Single(other => other != refused)).StatusCode);
    }

    [Fact]
    public async Task HostStatus_NeedsTheMasterKey_AndThePingNone()
    {
        Assert.Equal("", await Client.GetStringAsync("admin/host/ping"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.GetAsync("admin/host/status")).StatusCode);
        Assert.Contains("\"state\":\"Running\"", await Client.GetStringAsync($"admin/host/status?code={_app.MasterKey}"));
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { name = "pen", count = 0 }) };
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        using var response = await Client.SendAsync(request);
        return response.StatusCode;
    }

    public sealed record OrderLine(string Name, int Count);

    public sealed class Functions
    {
        public static readonly TaskCompletionSource Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Function("People")]
        public IResult People(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "people/{name}")] HttpRequest request,
            string name, int? age, [FromQuery(Name = "day")] DayOfWeek kind = DayOfWeek.Monday) =>
            Results.Json(new { name, age, kind = kind.ToString() });

        [Function("Order")]
        public IActionResult Order(
            [HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequest request, [Microsoft.Azure.Functions.Worker.Http.FromBody] OrderLine line) =>
            new CreatedResult("/orders/1", line with { Count = line.Count + 1 });

        [Function("Admin")]
        public string Admin([HttpTrigger(AuthorizationLevel.Admin)] HttpContext context) => "ok";

        [Function("Broken")]
        public Task Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidOperationException("a secret");

        [Function("Wait")]
        public Task Wait([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Gate.Task;

        [Function("Upload")]
        public async Task<long> Upload([HttpTrigger(AuthorizationLevel.Anonymous, "put")] HttpRequest request, CancellationToken cancellationToken)
        {
            request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = 1_000_000;
            var buffer = new byte[10_000];
            long length = 0;
            for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
                length += read;
            return length;
        }

        [Function("Data")]
        public async Task<HttpResponseData> Data([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.Accepted);
            response.Headers.Add("x-seen", "yes");
            await response.WriteAsJsonAsync(new { body = await request.ReadAsStringAsync(), x = request.Query["x"] });
            return response;
        }
    }
}
