using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Audit;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Audit;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.OpenApi;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Audit;

public sealed class ActAuditTests(SharedServers servers)
{
    private readonly string _folder = $"audit/{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A new route that changes something is among them by its role.</summary>
    [Fact]
    public void Acts_AreWhatChangesSomething_AndOnlyThat() =>
        Assert.Equal(
            HttpRoute
                .All.Where(route => route.Method != "get")
                .Where(route => RouteRoles.Of(route.Function) is not (AccessRoles.None or AccessRoles.Predict or AccessRoles.Upload))
                .Select(route => route.Function),
            HttpRoute
                .All.Where(route => ActAudit.Concerns(Request("", method: route.Method.ToUpperInvariant()), route.Function))
                .Select(route => route.Function)
        );

    [Fact]
    public async Task Act_IsLoggedWithWhoAndWhy_AndItsBodyStaysWhole()
    {
        using AuditLog log = await OpenAsync();
        ActAudit audit = new(log, NullLogger<ActAudit>.Instance);
        const string body = """{ "reason": "it hangs", "payload": 1 }""";
        HttpRequest request = Request(body, by: "Ana L%C3%B3pez");

        long begun = await audit.BeginAsync(request, "TerminateRun", Token);
        await audit.EndAsync(begun, "TerminateRun", 202);
        AuditedAct act = Assert.Single((await log.ListAsync(new AuditFilter(), 10, Token)).Acts);

        Assert.Equal(
            ("TerminateRun", "/api/runs/a/terminate", "Ana López", "key:ops", "it hangs", 202),
            (act.Act, act.Target, act.By, act.ById, act.Why, act.Status)
        );
        Assert.Equal(body, await new StreamReader(request.Body).ReadToEndAsync(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    [InlineData("""{ "reason": 3 }""")]
    [InlineData("""{ "reason": "\ud800" }""")]
    public async Task Body_WithoutAReason_HasNone_AndStaysWhole(string body)
    {
        HttpRequest request = Request(body);

        Assert.Null(await GivenReason.ReadAsync(request, Token));
        Assert.Equal(body, await new StreamReader(request.Body).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Body_OfMoreThanIsLookedAt_StaysWhole()
    {
        string body = $$"""{ "reason": "it hangs", "payload": "{{new string('x', 300_000)}}" }""";
        HttpRequest request = Request(body);

        Assert.Null(await GivenReason.ReadAsync(request, Token));
        Assert.Equal(body, await new StreamReader(request.Body).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Act_WhoseLogCannotBeWritten_IsNotBegun()
    {
        AzureObjectStore store = new((await servers.Azurite).Options);
        using MemoryStream broken = new("{}"u8.ToArray());
        await store.WriteAsync($"{_folder}/head.json", broken, WriteCondition.Always, "application/json", Token);
        using AuditLog log = await OpenAsync();

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            new ActAudit(log, NullLogger<ActAudit>.Instance).BeginAsync(Request("{}"), "PurgeRun", Token)
        );

        Assert.Equal(503, problem.Status);
        Assert.StartsWith("PurgeRun was not begun", problem.Message, StringComparison.Ordinal);
    }

    private async Task<AuditLog> OpenAsync() => new(new AzureObjectStore((await servers.Azurite).Options), TimeProvider.System, _folder);

    private static HttpRequest Request(string body, string? by = null, string method = "POST")
    {
        DefaultHttpContext http = new();
        http.Request.Method = method;
        http.Request.Path = "/api/runs/a/terminate";
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        if (by is not null)
        {
            http.Request.Headers[Requester.Header] = by;
        }
        http.Features.Set(new Caller(AccessRoles.Operate, "the key 'ops'", "key:ops"));
        return http.Request;
    }
}
