using System.Text.Json.Nodes;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Access;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Promotions;

public sealed class PromotionsFunctionTests(SharedServers servers)
{
    private const string Approved = """{ "shadow": null, "approval": { "people": ["ana"] }, "canary": [] }""";

    [Fact]
    public async Task Approval_BehindASignIn_IsTheSignedInPersonsWhateverTheCallerSays()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, Approved, access: options => options.EasyAuth = true);
        SignedIn bob = new("bob", "1", "read", "publish", "approve"),
            ana = new("ana", "2", "approve");
        object wanted = new
        {
            model = api.Model,
            version = 2,
            to = api.Environment,
        };
        (int nobody, JsonNode? refused) = await api.SendAsync(HttpMethod.Post, "promotions", wanted, by: "ana");
        (int asked, JsonNode? promotion) = await api.SendAsync(HttpMethod.Post, "promotions", wanted, by: "ana", signedIn: bob);
        string route = $"promotions/{promotion!["id"]!.GetValue<string>()}";
        await api.UntilAsync(route, answer => answer["stage"]?.GetValue<string>() == "approval");

        Task<(int Status, JsonNode? Body)> ApproveAsync(SignedIn by) =>
            api.SendAsync(HttpMethod.Post, $"{route}/decision", new { approve = true }, by: "bob", signedIn: by);
        (int own, _) = await ApproveAsync(bob);
        (int renamed, JsonNode? one) = await ApproveAsync(bob with { Name = "ana" });
        (int decided, _) = await ApproveAsync(ana);
        JsonNode ended = await api.UntilAsync(route, answer => answer["verdict"] is not null);

        Assert.Equal((401, 202, 403, 403, 202), (nobody, asked, own, renamed, decided));
        Assert.Contains("X-MS-CLIENT-PRINCIPAL", refused!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("'ana' and 'bob', who asked for this promotion, are one", one!["detail"]!.GetValue<string>());
        Assert.Equal(
            ("bob", "identity:aad:1", "ana", "identity:aad:2"),
            (
                ended["requestedBy"]!.GetValue<string>(),
                ended["requestedById"]!.GetValue<string>(),
                ended["approvals"]![0]!["by"]!.GetValue<string>(),
                ended["approvals"]![0]!["byId"]!.GetValue<string>()
            )
        );
    }

    [Fact]
    public async Task Approval_WithTheListedKeyThatAsked_IsTheAskersOwn()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, Approved, access: options =>
            options.Keys["ci"] = AccessCheckTests.Listed("ci's key", "publish,approve")
        );
        object wanted = new
        {
            model = api.Model,
            version = 2,
            to = api.Environment,
        };
        (int asked, JsonNode? promotion) = await api.SendAsync(HttpMethod.Post, "promotions", wanted, functionKey: "ci's key");
        string route = $"promotions/{promotion!["id"]!.GetValue<string>()}";
        await api.UntilAsync(route, answer => answer["stage"]?.GetValue<string>() == "approval");
        object yes = new { approve = true };

        (int own, JsonNode? refused) = await api.SendAsync(HttpMethod.Post, $"{route}/decision", yes, by: "ana", functionKey: "ci's key");
        (int other, _) = await api.SendAsync(HttpMethod.Post, $"{route}/decision", yes, by: "ana", functionKey: "another");

        Assert.Equal((202, 403, 202), (asked, own, other));
        Assert.Equal(
            "'ana' and 'ci', who asked for this promotion, are one (key:ci); nobody approves their own.",
            refused!["detail"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task Promotion_AskedForOverHttp_IsApprovedAndServes()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, Approved);

        (int status, JsonNode? asked) = await api.PromoteAsync(2, key: "build-1");
        string route = asked!["status"]!.GetValue<string>()["/api/".Length..];
        (int again, JsonNode? repeated) = await api.PromoteAsync(2, key: "build-1");
        await api.UntilAsync(route, promotion => promotion["stage"]!.GetValue<string>() == "approval");
        (int own, JsonNode? refused) = await api.SendAsync(HttpMethod.Post, $"{route}/decision", new { approve = true }, by: "ci");
        (int decided, _) = await api.SendAsync(HttpMethod.Post, $"{route}/decision", new { approve = true }, by: "Ana");
        JsonNode ended = await api.UntilAsync(route, promotion => promotion["verdict"] is not null);
        (int watched, JsonNode? none) = await api.SendAsync(HttpMethod.Get, $"{route}/trials/shadow");

        Assert.Equal((202, 202, 403, 202), (status, again, own, decided));
        Assert.Equal(404, watched);
        Assert.EndsWith("has no step 'shadow' in which the version is watched.", none!["detail"]!.GetValue<string>());
        Assert.Equal(asked["id"]!.GetValue<string>(), repeated!["id"]!.GetValue<string>());
        Assert.Equal("'ci' asked for this promotion; nobody approves their own.", refused!["detail"]!.GetValue<string>());
        Assert.Equal("promoted", ended["verdict"]!.GetValue<string>());
        Assert.Equal(
            [
                ("turn", "passed"),
                ("checks", "passed"),
                ("validation", "passed"),
                ("shadow", "waived"),
                ("approval", "passed"),
                ("canary", "waived"),
                ("alias", "passed"),
            ],
            ended["steps"]!.AsArray().Select(step => (step!["name"]!.GetValue<string>(), step["state"]!.GetValue<string>()))
        );
    }

    [Fact]
    public async Task Promotion_WhoseStepsAskForFewRequests_IsWarnedOfAtOnce()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, """{"canary":[{"weight":0.5,"minRequests":5}]}""");

        (int status, JsonNode? asked) = await api.PromoteAsync(2);
        await api.SendAsync(HttpMethod.Post, $"{asked!["status"]!.GetValue<string>()["/api/".Length..]}/cancel");

        Assert.Equal(202, status);
        Assert.StartsWith(
            "canary 50 %: 5 requests cannot show failures of 10 %, slower answers to 50 %; about ",
            Assert.Single(asked["warnings"]!.AsArray())!.GetValue<string>()
        );
    }

    [Fact]
    public async Task Promotion_WhileAnotherIsAtWork_IsRefusedOrWaitsAsAsked()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, Approved);
        (_, JsonNode? first) = await api.PromoteAsync(2, key: "1");
        string route = first!["status"]!.GetValue<string>()["/api/".Length..];

        (int refused, JsonNode? why) = await api.PromoteAsync(3, key: "2");
        (int queued, JsonNode? waiting) = await api.PromoteAsync(3, key: "3", queue: true);
        (int otherPayload, _) = await api.PromoteAsync(3, key: "1");
        await api.UntilAsync(route, promotion => promotion["stage"]!.GetValue<string>() == "approval");
        (int cancelled, _) = await api.SendAsync(HttpMethod.Post, $"{route}/cancel", new { reason = "the other first" }, by: "ana");
        JsonNode ended = await api.UntilAsync(route, promotion => promotion["verdict"] is not null);
        string second = waiting!["status"]!.GetValue<string>()["/api/".Length..];
        await api.UntilAsync(second, promotion => promotion["stage"]!.GetValue<string>() == "approval");

        Assert.Equal((409, 202, 422, 202), (refused, queued, otherPayload, cancelled));
        Assert.Equal(
            $"Promotion '{first["id"]}' of '{api.Model}' to {api.Environment} is at work; \"queue\": true waits for its end.",
            why!["detail"]!.GetValue<string>()
        );
        Assert.Equal(
            ("rejected", "Cancelled by ana: the other first"),
            (ended["verdict"]!.GetValue<string>(), ended["reason"]!.GetValue<string>())
        );
        (_, JsonNode? list) = await api.SendAsync(HttpMethod.Get, $"promotions?environment={api.Environment}&model={api.Model}");
        Assert.Equal(2, list!["items"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"version":2,"to":"ENV"}""", "model is missing.")]
    [InlineData("""{"model":"m","version":0,"to":"ENV"}""", "version is 0; allowed is 1 or more.")]
    [InlineData("""{"model":"m","version":2,"to":"moon"}""", "to is 'moon'; allowed are ENV.")]
    [InlineData("""{"model":"m","version":2,"to":"ENV","from":"ENV"}""", "from and to are both 'ENV'; they must differ.")]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"approval":null}}""",
        "plan.approval is set by the configuration of the environment (Promotion:Plans), not by a request."
    )]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"canary":[{"weight":2}]}}""",
        "The plan is wrong. plan.canary[0].weight is 2; allowed is above 0, up to 1."
    )]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"guards":{"errorMargin":1}}}""",
        "The plan is wrong. plan.guards.errorMargin is 1; allowed are 0 to below 1."
    )]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"validation":false,"guards":{"errorMargin":null}}}""",
        "A request can only be stricter than the plan of ENV. plan.validation is waived; the environment's plan asks for it. "
            + "plan.guards.errorMargin is switched off; the environment's plan allows up to 0.005."
    )]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"cannary":[]}}""",
        "plan is no plan. There is no member 'cannary' in plan; there are validation, shadow, approval, canary, guards, watchEvery."
    )]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"canary":null}}""",
        "plan is no plan. plan.canary is null; expected is a value."
    )]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"canary":[null]}}""",
        "plan is no plan. plan.canary[0] is null; expected is a value."
    )]
    [InlineData(
        """{"model":"m","version":2,"to":"ENV","plan":{"guards":null}}""",
        "plan is no plan. plan.guards is null; expected is a value."
    )]
    [InlineData(
        """{"model":"m","version":"2","to":"ENV"}""",
        "The body cannot be read. version is '2'; expected is a whole number from -2147483648 to 2147483647."
    )]
    [InlineData(
        """{"model":"m","version":"two","to":"ENV"}""",
        "The body cannot be read. version is 'two'; expected is a whole number from -2147483648 to 2147483647."
    )]
    public async Task Rejects_WhatCannotBePromoted(string body, string detail)
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);

        (int status, JsonNode? problem) = await api.SendAsync(
            HttpMethod.Post,
            "promotions",
            JsonNode.Parse(body.Replace("ENV", api.Environment, StringComparison.Ordinal))
        );

        Assert.Equal(
            (400, detail.Replace("ENV", api.Environment, StringComparison.Ordinal)),
            (status, problem!["detail"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task Alias_ChangedByOtherMeans_IsNamedInTheAnswer()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);
        await api.Get<AzureObjectStore>()
            .WriteAsync(
                RegistryLayout.Alias(api.Environment, api.Model),
                BinaryData.FromString("{}").ToStream(),
                WriteCondition.Always,
                StoredJson.ContentType,
                TestContext.Current.CancellationToken
            );

        (int status, JsonNode? problem) = await api.SendAsync(
            HttpMethod.Post,
            $"models/{api.Model}/rollback?environment={api.Environment}"
        );

        Assert.Equal(
            (500, $"The alias of {api.Model} in {api.Environment} is not as it was written; compare it with the history."),
            (status, problem!["detail"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task Rollback_BringsBackThePreviousVersion_AtOnce()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);
        string route = (await api.PromoteAsync(2)).Body!["status"]!.GetValue<string>()["/api/".Length..];
        await api.UntilAsync(route, promotion => promotion["verdict"] is not null);
        RolloutTable table = api.Get<RolloutTable>();
        Assert.Equal(2, (await table.ChooseAsync(api.Environment, api.Model, null, null, TestContext.Current.CancellationToken)).Version);

        (int status, JsonNode? answer) = await api.SendAsync(
            HttpMethod.Post,
            $"models/{api.Model}/rollback?environment={api.Environment}",
            new { reason = "complaints" }
        );
        Assert.True(status == 200, answer?.ToString());

        Assert.Equal((200, 1, 2), (status, answer!["serves"]!.GetValue<int>(), answer["from"]!.GetValue<int>()));
        await Recorder.UntilAsync(async () =>
        {
            await table.RefreshAsync(TestContext.Current.CancellationToken);
            return (await table.ChooseAsync(api.Environment, api.Model, null, null, TestContext.Current.CancellationToken)).Version == 1;
        });
    }

    [Fact]
    public async Task Rollback_AskedForAgain_DoesNotGoForward()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);
        string route = (await api.PromoteAsync(2)).Body!["status"]!.GetValue<string>()["/api/".Length..];
        await api.UntilAsync(route, promotion => promotion["verdict"] is not null);
        await api.SendAsync(HttpMethod.Post, $"models/{api.Model}/rollback?environment={api.Environment}");

        (int status, JsonNode? problem) = await api.SendAsync(
            HttpMethod.Post,
            $"models/{api.Model}/rollback?environment={api.Environment}"
        );

        Assert.Equal(
            (409, $"No other version of '{api.Model}' served in {api.Environment} before."),
            (status, problem!["detail"]!.GetValue<string>())
        );
        Assert.Equal(
            1,
            (await api.Get<ModelAliases>().FindAsync(api.Environment, api.Model, TestContext.Current.CancellationToken))!.Version
        );
    }

    [Fact]
    public async Task Rollback_DuringACanary_TakesTheCallersBackAndEndsThePromotion()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(
            servers,
            """{ "shadow": null, "approval": null, "canary": [{ "weight": 0.5, "bake": "01:00:00", "within": "02:00:00" }], "watchEvery": "00:00:00.5" }"""
        );
        string route = (await api.PromoteAsync(2)).Body!["status"]!.GetValue<string>()["/api/".Length..];
        await api.UntilAsync(route, promotion => promotion["stage"]!.GetValue<string>() == "canary 50 %");
        await Recorder.UntilAsync(async () =>
            (await api.Get<RolloutStore>().FindAsync(api.Environment, api.Model, TestContext.Current.CancellationToken))?.Canary is not null
        );

        (int status, JsonNode? answer) = await api.SendAsync(HttpMethod.Post, $"models/{api.Model}/rollback?environment={api.Environment}");
        RolloutRecord? record = await api.Get<RolloutStore>().FindAsync(api.Environment, api.Model, TestContext.Current.CancellationToken);
        JsonNode ended = await api.UntilAsync(route, promotion => promotion["verdict"] is not null);

        Assert.Equal((200, 1, 2), (status, answer!["serves"]!.GetValue<int>(), answer["from"]!.GetValue<int>()));
        Assert.True(record!.IsIdle);
        Assert.Equal("rolled back", ended["verdict"]!.GetValue<string>());
    }
}
