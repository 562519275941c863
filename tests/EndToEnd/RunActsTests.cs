using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>What operators do to runs, through the API of the running system, and what it refuses.</summary>
public sealed class RunActsTests(SharedStack shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task Run_IsStartedHeldResumedTerminatedRestartedAndPurged()
    {
        string id = await StartAsync("acts-life");

        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("runs", StartOf(id))).Status);
        await ActAsync(id, "suspend", "suspended");
        Assert.Equal(
            (HttpStatusCode.Conflict, $"Run '{id}' is suspended; only one that goes on can be suspended."),
            await PostAsync($"runs/{id}/suspend")
        );
        await ActAsync(id, "resume", "running");
        await ActAsync(id, "terminate", "terminated");
        Assert.Equal("ana: it is a test", (await ShowAsync(id)).GetProperty("output").GetString());
        await ActAsync(id, "restart", "running");
        await ActAsync(id, "terminate", "terminated");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"runs/{id}/purge")).Status);
        (HttpStatusCode status, string detail) = await PostAsync($"runs/{id}/purge");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.StartsWith($"There is no orchestration '{id}'", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restarts_AtOnce_BeginOneRun()
    {
        string id = await StartAsync("acts-restarts");
        await ActAsync(id, "terminate", "terminated");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync($"runs/{id}/restart")));

        Assert.Equal(
            [HttpStatusCode.Accepted, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict],
            answers.Select(answer => answer.Status).Order()
        );
        await ActAsync(id, "terminate", "terminated");
    }

    [Theory]
    [InlineData("NoSuchThing", "{}", HttpStatusCode.BadRequest, "There is no orchestrator 'NoSuchThing'")]
    [InlineData("PromoteModel", "{}", HttpStatusCode.Conflict, "started by POST /api/promotions alone")]
    [InlineData("BackfillDrift", """{ "ratePerMinute": "often" }""", HttpStatusCode.BadRequest, "input cannot be read")]
    [InlineData("BackfillDrift", "{}", HttpStatusCode.BadRequest, "'subject', 'window'")]
    [InlineData("BackfillDrift", "[", HttpStatusCode.BadRequest, "The body cannot be read")]
    public async Task Start_OfWhatCannotBe_IsRefused(string orchestrator, string input, HttpStatusCode status, string detail)
    {
        using StringContent body = new(
            $$"""{ "orchestrator": "{{orchestrator}}", "reason": "it is a test", "input": {{input}} }""",
            Encoding.UTF8,
            "application/json"
        );

        (HttpStatusCode Status, string Detail) answer = await SendAsync("runs", body);

        Assert.Equal(status, answer.Status);
        Assert.Contains(detail, answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_TooLargeOrTooDeep_AreRefused_AndDisturbNothing()
    {
        string id = await StartAsync("acts-bodies");
        using StringContent large = new($$"""{ "reason": "{{new string('x', 50 << 20)}}" }""", Encoding.UTF8, "application/json");
        using StringContent deep = new(
            $$"""{ "reason": "a", "payload": {{new string('[', 10_000)}}{{new string(']', 10_000)}} }""",
            Encoding.UTF8,
            "application/json"
        );

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync($"runs/{id}/terminate", large)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync($"runs/{id}/events/cancel", deep)).Status);

        Assert.Equal("running", (await ShowAsync(id)).GetProperty("status").GetString());
        await ActAsync(id, "terminate", "terminated");
    }

    [Fact]
    public async Task Events_ThatNobodyAwaits_OrThatOthersRaise_AreRefused()
    {
        string id = await StartAsync("acts-events");

        (HttpStatusCode Status, string Detail) unknown = await PostAsync($"runs/{id}/events/word", new { payload = 1, reason = "a test" });
        (HttpStatusCode Status, string Detail) elsewhere = await PostAsync(
            $"runs/{id}/events/cancel",
            new { payload = 1, reason = "a test" }
        );
        await ActAsync(id, "terminate", "terminated");

        Assert.Equal((HttpStatusCode.BadRequest, "Runs of BackfillDrift await no event 'word'; they await cancel."), unknown);
        Assert.Equal(HttpStatusCode.Conflict, elsewhere.Status);
        Assert.Contains("POST /api/drift/backfills/{id}/cancel", elsewhere.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_ThatNoRunHas_AreAnsweredClearly()
    {
        (string Id, HttpStatusCode Expected)[] ids =
        [
            ("no-such-run", HttpStatusCode.NotFound),
            (new string('a', 1_000), HttpStatusCode.BadRequest),
            ("a%2Fb", HttpStatusCode.NotFound), // the server's path keeps it as it is
            ("a%25b", HttpStatusCode.NotFound),
            ("a%0Ab", HttpStatusCode.BadRequest),
        ];
        foreach ((string id, HttpStatusCode expected) in ids)
        {
            (HttpStatusCode Status, string Detail) answer = await PostAsync($"runs/{id}/terminate");

            Assert.True(answer.Status == expected, $"{id}: {answer}");
            Assert.NotEmpty(answer.Detail);
        }
    }

    [Fact]
    public async Task Act_ByARoleThatMayNot_IsRefused_AndNotDone()
    {
        string id = await StartAsync("acts-refused");

        (HttpStatusCode Status, string Detail) refused = await PostAsync($"runs/{id}/terminate", key: ListedKeys.Reader);

        Assert.Equal((HttpStatusCode.Forbidden, "TerminateRun needs the role operate; the key 'reader' has read."), refused);
        Assert.Equal("running", (await ShowAsync(id)).GetProperty("status").GetString());
        await ActAsync(id, "terminate", "terminated");
    }

    [Fact]
    public async Task Acts_AreLogged_DoneOrNot_InAnUnbrokenChain()
    {
        string id = await StartAsync("acts-logged");
        await ActAsync(id, "terminate", "terminated");
        await PostAsync($"runs/{id}/resume");

        JsonElement list = await Http.GetFromJsonAsync<JsonElement>($"audit?target=/api/runs/{id}/", Cancellation);
        JsonElement verdict = await Http.GetFromJsonAsync<JsonElement>("audit/verify", Cancellation);

        Assert.Equal(
            [("ResumeRun", "ana", "it is a test", 409), ("TerminateRun", "ana", "it is a test", 202)],
            list.GetProperty("items")
                .EnumerateArray()
                .Select(act =>
                    (
                        act.GetProperty("act").GetString()!,
                        act.GetProperty("by").GetString()!,
                        act.GetProperty("why").GetString()!,
                        act.GetProperty("status").GetInt32()
                    )
                )
        );
        Assert.True(verdict.GetProperty("intact").GetBoolean(), verdict.ToString());
    }

    /// <summary>A run that goes on for hours: a backfill that checks a window a minute.</summary>
    private async Task<string> StartAsync(string id)
    {
        (HttpStatusCode status, string detail) = await PostAsync("runs", StartOf(id));
        Assert.True(status == HttpStatusCode.Accepted, detail);
        await UntilAsync(id, "running");
        return id;
    }

    private static object StartOf(string id)
    {
        DateTimeOffset from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new
        {
            orchestrator = "BackfillDrift",
            id,
            reason = "it is a test",
            input = new
            {
                subject = new
                {
                    environment = "prod",
                    model = "no-such-model",
                    version = 1,
                },
                window = new { from, until = from.AddHours(1) },
                until = from.AddDays(9),
                reference = "previous",
                likeness = "any",
                ratePerMinute = 1,
            },
        };
    }

    private async Task ActAsync(string id, string act, string expected)
    {
        (HttpStatusCode status, string detail) = await PostAsync($"runs/{id}/{act}");
        Assert.True(status == HttpStatusCode.Accepted, $"{act}: {detail}");
        await UntilAsync(id, expected);
    }

    private Task<JsonElement> UntilAsync(string id, string status) => UntilAsync(Http, id, status, Limit);

    internal static async Task<JsonElement> UntilAsync(HttpClient http, string id, string status, TimeSpan limit)
    {
        string seen = "nothing";
        JsonDocument found = await Eventually.HoldsAsync(
            async () =>
            {
                JsonDocument run = JsonDocument.Parse(await http.GetStringAsync($"runs/{id}", Cancellation));
                seen = run.RootElement.GetProperty("status").GetString()!;
                return seen == status ? run : null;
            },
            $"run {id} {status}",
            limit,
            Cancellation
        );
        return found.RootElement;
    }

    private Task<JsonElement> ShowAsync(string id) => Http.GetFromJsonAsync<JsonElement>($"runs/{id}", Cancellation);

    private async Task<(HttpStatusCode Status, string Detail)> PostAsync(string path, object? body = null, string? key = null)
    {
        using JsonContent content = JsonContent.Create(body ?? new { reason = "it is a test" });
        return await SendAsync(path, content, key);
    }

    private async Task<(HttpStatusCode Status, string Detail)> SendAsync(string path, HttpContent content, string? key = null)
    {
        using HttpClient http = new() { BaseAddress = new Uri(shared.Stack.FunctionsAddress, "api/") };
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("x-functions-key", key ?? shared.Stack.FunctionsKey);
        request.Headers.Add("X-Requested-By", "ana");
        using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        using JsonDocument? answer = text.StartsWith('{') ? JsonDocument.Parse(text) : null;
        return (
            response.StatusCode,
            answer?.RootElement.TryGetProperty("detail", out JsonElement detail) == true ? detail.GetString()! : text
        );
    }
}
