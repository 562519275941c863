using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Alerts;
using Serverless.Alerts.Mail;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Alerts;
using Serverless.Unit.Alerts;
using Serverless.Unit.Alerts.Mail;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts;

/// <summary>Alerts over HTTP.</summary>
public sealed class AlertFunctionsTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAlert_IsListed_Acknowledged_AndResolvedWithAReason()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await using FunctionsApp app = await StartAsync(rig);
        string id = (await rig.FindAsync("drift", "labels/3"))[0].Alert.Id;

        (_, JsonNode? open) = await SendAsync(app, HttpMethod.Get, "alerts");
        (HttpStatusCode without, JsonNode? problem) = await SendAsync(app, HttpMethod.Post, $"alerts/{id}/acknowledge", new { });
        (_, JsonNode? seen) = await SendAsync(app, HttpMethod.Post, $"alerts/{id}/acknowledge", new { reason = "on it" });
        (_, JsonNode? resolved) = await SendAsync(app, HttpMethod.Post, $"alerts/{id}/resolve", new { reason = "mended" });
        (HttpStatusCode gone, _) = await SendAsync(app, HttpMethod.Post, $"alerts/{id}/resolve", new { reason = "twice" });
        (_, JsonNode? history) = await SendAsync(app, HttpMethod.Get, "alerts?state=resolved&limit=10");
        (_, JsonNode? one) = await SendAsync(app, HttpMethod.Get, $"alerts/{id}");
        (HttpStatusCode none, _) = await SendAsync(app, HttpMethod.Get, "alerts/..%2Frules");

        Assert.Equal("labels/3", open!["items"]![0]!["subject"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (without, gone, none));
        Assert.Equal("reason is missing; it says why this is done.", problem!["detail"]!.GetValue<string>());
        Assert.Equal("tests", seen!["acknowledgedBy"]!.GetValue<string>());
        Assert.Equal(["acknowledged", "resolved"], resolved!["acts"]!.AsArray().Select(act => act!["act"]!.GetValue<string>()));
        Assert.Equal(id, history!["items"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("warning", one!["severity"]!.GetValue<string>());
    }

    [Fact]
    public async Task AMute_IsListed_AndTakenBack()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await using FunctionsApp app = await StartAsync(rig);
        DateTimeOffset until = rig.Time.GetUtcNow().AddDays(1);

        (HttpStatusCode made, JsonNode? mute) = await SendAsync(
            app,
            HttpMethod.Post,
            "alerts/mutes",
            new
            {
                rule = "drift",
                until,
                reason = "known",
            }
        );
        (HttpStatusCode endless, _) = await SendAsync(app, HttpMethod.Post, "alerts/mutes", new { rule = "drift", reason = "known" });
        (HttpStatusCode broken, _) = await SendAsync(
            app,
            HttpMethod.Post,
            "alerts/mutes",
            new
            {
                subject = "a\nb",
                until,
                reason = "known",
            }
        );
        (_, JsonNode? listed) = await SendAsync(app, HttpMethod.Get, "alerts/mutes");
        (HttpStatusCode ended, _) = await SendAsync(app, HttpMethod.Delete, $"alerts/mutes/{mute!["id"]}");
        (HttpStatusCode again, _) = await SendAsync(app, HttpMethod.Delete, $"alerts/mutes/{mute["id"]}");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (made, endless, broken));
        Assert.Equal("known", Assert.Single(listed!["items"]!.AsArray())!["reason"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (ended, again));
    }

    [Fact]
    public async Task TheRules_AreReplacedByWhoeverSawThem()
    {
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await using FunctionsApp app = await StartAsync(rig);
        object wanted = new
        {
            rules = new
            {
                backlogAge = new
                {
                    limit = 10,
                    severity = "warning",
                    repeatAfter = "01:00:00",
                    routes = new { mail = (string[])["ada@example.org"] },
                },
            },
            reason = "sooner",
        };

        (HttpStatusCode without, _) = await SendAsync(app, HttpMethod.Put, "alerts/rules", wanted);
        (HttpStatusCode replaced, JsonNode? rules) = await SendAsync(app, HttpMethod.Put, "alerts/rules", wanted, "\"0\"");
        (HttpStatusCode late, _) = await SendAsync(app, HttpMethod.Put, "alerts/rules", wanted, "\"0\"");
        (HttpStatusCode any, JsonNode? latest) = await SendAsync(app, HttpMethod.Put, "alerts/rules", wanted, "*");
        (HttpStatusCode wrong, JsonNode? problem) = await SendAsync(
            app,
            HttpMethod.Put,
            "alerts/rules",
            new { rules = new { latency = new { limit = -1 } }, reason = "x" },
            "*"
        );

        Assert.Equal((428, 200, 412, 200, 400), ((int)without, (int)replaced, (int)late, (int)any, (int)wrong));
        JsonNode backlog = rules!["rules"]!["backlogAge"]!;
        Assert.Equal(
            (10d, true, "01:00:00"),
            (backlog["limit"]!.GetValue<double>(), backlog["enabled"]!.GetValue<bool>(), backlog["repeatAfter"]!.GetValue<string>())
        );
        Assert.True(backlog["routes"]!["webhook"]!.GetValue<bool>());
        Assert.Equal(2, latest!["revision"]!.GetValue<int>());
        Assert.Contains("rules.latency.limit is -1", problem!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("seconds that a job waits", rules["limits"]!["backlogAge"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATest_SaysWhatCameOfEachRoute()
    {
        await using MailServer server = new();
        AlertRig rig = await AlertRig.OpenAsync(servers);
        WebhookStore subscriptions = new(rig.Store);
        Uri away = new("http://127.0.0.1:9/");
        string secret = Convert.ToBase64String(new byte[32]);
        await subscriptions.AddAsync(new WebhookSubscription("s1", away, ["alert.*"], secret, "ada", DateTimeOffset.UnixEpoch), Token);
        await subscriptions.AddAsync(new WebhookSubscription("s2", away, ["model.*"], secret, "ada", DateTimeOffset.UnixEpoch), Token);
        await rig.SetRuleAsync("drift", new AlertRuleChange(Routes: new AlertRoutes(Mail: ["ada@example.org"])));
        await using FunctionsApp app = await StartAsync(rig, server.Options);

        (_, JsonNode? answer) = await SendAsync(app, HttpMethod.Post, "alerts/test");
        (_, JsonNode? mails) = await SendAsync(app, HttpMethod.Get, "alerts/mails");

        JsonNode?[] outcomes = [.. answer!["outcomes"]!.AsArray()];
        Assert.Equal(["webhook s1 (127.0.0.1)", "mail ada@example.org"], outcomes.Select(one => $"{one!["route"]} {one["to"]}"));
        Assert.NotNull(outcomes[0]!["fault"]);
        Assert.Null(outcomes[1]!["fault"]);
        Assert.Contains("tests tests whether alerts arrive", Assert.Single(server.Received), StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Failed, Assert.Single((await subscriptions.ListLogsAsync("s1", 10, Token)).Items).State);
        JsonNode mail = Assert.Single(mails!["items"]!.AsArray())!;
        Assert.Equal(
            ("ada@example.org", "[info] test of alerts: opened", "delivered"),
            (mail["to"]!.GetValue<string>(), mail["subject"]!.GetValue<string>(), mail["state"]!.GetValue<string>())
        );
    }

    /// <summary>Nobody tries it again by itself.</summary>
    [Fact]
    public async Task ATestsMail_ThatIsNotTaken_IsLoggedAsFailed()
    {
        await using MailServer server = new() { IsFull = true };
        AlertRig rig = await AlertRig.OpenAsync(servers);
        await rig.SetRuleAsync("drift", new AlertRuleChange(Routes: new AlertRoutes(Mail: ["ada@example.org"])));
        await using FunctionsApp app = await StartAsync(rig, server.Options);

        await SendAsync(app, HttpMethod.Post, "alerts/test");

        MailDelivery mail = Assert.Single((await rig.Mails.ListAsync(10, Token)).Items);
        Assert.Equal(DeliveryState.Failed, mail.State);
        Assert.NotNull(Assert.Single(mail.Attempts).Fault);
    }

    [Fact]
    public async Task Runbooks_AreListed_AndServedAsMarkdown()
    {
        await using FunctionsApp app = await StartAsync(await AlertRig.OpenAsync(servers));

        (_, JsonNode? list) = await SendAsync(app, HttpMethod.Get, "runbooks");
        using HttpResponseMessage one = await app.Client.GetAsync("api/runbooks/backlogAge", Token);
        string file = await app.Client.GetStringAsync("api/runbooks/backlogAge.md", Token);
        using HttpResponseMessage all = await app.Client.GetAsync("api/runbooks.md", Token);
        using HttpResponseMessage none = await app.Client.GetAsync("api/runbooks/nothing", Token);

        Assert.Contains("/api/runbooks/backlogAge", list!["items"]!.AsArray().Select(item => item!["address"]!.GetValue<string>()));
        Assert.Equal("text/markdown", one.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("# Jobs wait", file, StringComparison.Ordinal);
        Assert.Equal(file, await one.Content.ReadAsStringAsync(Token));
        Assert.Equal("text/markdown", all.Content.Headers.ContentType!.MediaType);
        string[] lines = (await all.Content.ReadAsStringAsync(Token)).Split('\n');
        Assert.Equal("# Runbooks", Assert.Single(lines, line => line.StartsWith("# ", StringComparison.Ordinal)));
        Assert.Equal(Runbook.All.Select(book => $"## {book.Title}"), lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Contains("### Look", lines);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static Task<FunctionsApp> StartAsync(AlertRig rig, MailOptions? mail = null) =>
        FunctionsApp.StartAsync(
            [typeof(AlertsFunction), typeof(MutesFunction), typeof(AlertRulesFunction), typeof(RunbooksFunction)],
            services =>
            {
                WebhookOptions open = new() { AllowHttp = true, AllowPrivateAddresses = true };
                services
                    .AddSingleton<TimeProvider>(rig.Time)
                    .AddSingleton(rig.Book)
                    .AddSingleton(rig.Rulebook)
                    .AddSingleton(rig.Mails)
                    .AddSingleton(new WebhookStore(rig.Store))
                    .AddSingleton(new WebhookSender(open, new AddressPolicy(open), rig.Time))
                    .AddSingleton(new MailSender(mail ?? new MailOptions(), TimeProvider.System))
                    .AddSingleton<AlertTest>();
            }
        );

    private static async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        FunctionsApp app,
        HttpMethod method,
        string path,
        object? body = null,
        string? match = null
    )
    {
        using HttpRequestMessage request = new(method, $"api/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Requested-By", "tests");
        if (match is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", match);
        }
        using HttpResponseMessage response = await app.Client.SendAsync(request, Token);
        string text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
