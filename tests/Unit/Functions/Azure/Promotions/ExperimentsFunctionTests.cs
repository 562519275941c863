using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Rollout.Experiments;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Promotions;

public sealed class ExperimentsFunctionTests(SharedServers servers)
{
    private const string NothingFirst = """{ "validation": false, "shadow": null, "approval": null, "canary": [] }""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Experiment_IsStartedJudgedByItsCapturesAndStopped()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, NothingFirst);
        string id = $"e{Guid.NewGuid():N}";
        (int started, _) = await api.SendAsync(HttpMethod.Post, "experiments", Body(api, id));
        RolloutRecord record = (await api.Get<RolloutStore>().FindAsync(api.Environment, api.Model, Cancellation))!;
        await CaptureAsync(api, record, predictions: 1_200);

        (int another, _) = await api.SendAsync(HttpMethod.Post, "experiments", Body(api, $"{id}-2"));
        (int shown, JsonNode? running) = await api.SendAsync(HttpMethod.Get, $"experiments/{id}");
        (int promoting, JsonNode? promotion) = await api.PromoteAsync(3);
        JsonNode rejected = await api.UntilAsync(promotion!["status"]!.GetValue<string>()["/api/".Length..], answer =>
            answer["verdict"] is not null
        );
        (int stopped, JsonNode? end) = await api.SendAsync(HttpMethod.Post, $"experiments/{id}/stop");

        Assert.Equal((201, 409, 200, 202, 200), (started, another, shown, promoting, stopped));
        Assert.Equal("running", running!["state"]!.GetValue<string>());
        Assert.Equal("b", running["verdict"]!["winner"]!.GetValue<string>());
        Assert.True(running["verdict"]!["sampleRatio"]!["trusted"]!.GetValue<bool>());
        Assert.Equal(
            $"The traffic of '{api.Model}' in {api.Environment} is held by 'experiment-{id}'.",
            rejected["reason"]!.GetValue<string>()
        );
        Assert.Equal("stopped", end!["state"]!.GetValue<string>());
        Assert.True((await api.Get<RolloutStore>().FindAsync(api.Environment, api.Model, Cancellation))!.IsIdle);
        (_, JsonNode? list) = await api.SendAsync(HttpMethod.Get, $"experiments?environment={api.Environment}");
        Assert.Equal(id, list!["items"]!.AsArray().Single()!["id"]!.GetValue<string>());
        (_, JsonNode? rest) = await api.SendAsync(HttpMethod.Get, $"experiments?environment={api.Environment}&after={id}");
        Assert.Empty(rest!["items"]!.AsArray());
    }

    [Fact]
    public async Task Experiment_ThatAdapts_GivesTheBetterArmMoreCallers()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, NothingFirst);
        string id = $"e{Guid.NewGuid():N}";
        await api.SendAsync(HttpMethod.Post, "experiments", Body(api, id, adaptive: true));
        RolloutRecord record = (await api.Get<RolloutStore>().FindAsync(api.Environment, api.Model, Cancellation))!;
        await CaptureAsync(api, record, predictions: 600, byLabel: true);

        await api.Get<ExperimentControl>().ReweighAsync(id, Cancellation);

        record = (await api.Get<RolloutStore>().FindAsync(api.Environment, api.Model, Cancellation))!;
        Assert.InRange(record.Experiment!.Arms[1].Weight, 0.9, 0.96);
        (_, JsonNode? shown) = await api.SendAsync(HttpMethod.Get, $"experiments/{id}");
        Assert.Equal(record.Experiment.Arms[1].Weight, shown!["arms"]![1]!["weight"]!.GetValue<double>());
    }

    [Fact]
    public async Task Experiment_WhoseTrafficARollbackTook_IsListedAsStopped()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, NothingFirst);
        await api.SendAsync(HttpMethod.Post, "experiments", Body(api, $"e{Guid.NewGuid():N}"));

        await api.SendAsync(HttpMethod.Post, $"models/{api.Model}/rollback?environment={api.Environment}");

        (_, JsonNode? list) = await api.SendAsync(HttpMethod.Get, $"experiments?environment={api.Environment}");
        Assert.Equal("stopped", list!["items"]!.AsArray().Single()!["state"]!.GetValue<string>());
    }

    /// <summary>Who may publish took a version to all callers of an environment that would first have validated and approved it.</summary>
    [Fact]
    public async Task Experiment_WithAVersionThatNeverServed_IsRefused_WhereThePlanAsksForMore()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers, """{ "shadow": null, "canary": [] }""");
        string id = $"e{Guid.NewGuid():N}";

        (int status, JsonNode? problem) = await api.SendAsync(HttpMethod.Post, "experiments", Body(api, id));

        Assert.Equal(
            (
                409,
                $"Version 2 of '{api.Model}' has never served in {api.Environment}, whose plan asks for validation and approval first: "
                    + "POST /api/promotions."
            ),
            (status, problem!["detail"]!.GetValue<string>())
        );
        (int found, _) = await api.SendAsync(HttpMethod.Get, $"experiments/{id}");
        Assert.Equal(404, found);
    }

    [Fact]
    public async Task Experiment_WithAVersionThatWasPromoted_IsStarted_AndARollbackEndsItAlone()
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);
        string route = (await api.PromoteAsync(2)).Body!["status"]!.GetValue<string>()["/api/".Length..];
        await api.UntilAsync(route, promotion => promotion["verdict"] is not null);
        string id = $"e{Guid.NewGuid():N}";
        (int started, _) = await api.SendAsync(HttpMethod.Post, "experiments", Body(api, id));

        (int status, JsonNode? answer) = await api.SendAsync(HttpMethod.Post, $"models/{api.Model}/rollback?environment={api.Environment}");

        Assert.Equal((201, 200), (started, status));
        Assert.Equal((2, $"experiment-{id}"), (answer!["serves"]!.GetValue<int>(), answer["ended"]!.GetValue<string>()));
        Assert.Equal(2, (await api.Get<ModelAliases>().FindAsync(api.Environment, api.Model, Cancellation))!.Version);
    }

    [Theory]
    [InlineData(
        """{"id":"e","model":"MODEL","environment":"ENV","arms":[{"name":"a","version":1}]}""",
        "The experiment 'e' has 1 arms; allowed are 2 to 10."
    )]
    [InlineData(
        """{"id":"e","model":"MODEL","environment":"ENV","arms":[{"name":"a","version":1},{"name":"b","version":9}]}""",
        "Model 'MODEL' has no version 9."
    )]
    [InlineData(
        """{"id":"e","model":"MODEL","environment":"ENV","arms":[{"name":"a","version":1},null]}""",
        "The body cannot be read. arms[1] is null; expected is a value."
    )]
    [InlineData("""{"id":"e","model":"MODEL","environment":"moon","arms":[]}""", "environment is 'moon'; allowed are ENV.")]
    public async Task Rejects_ExperimentsThatCannotRun(string body, string detail)
    {
        await using PromotionsApi api = await PromotionsApi.StartAsync(servers);
        string Fill(string text) =>
            text.Replace("MODEL", api.Model, StringComparison.Ordinal).Replace("ENV", api.Environment, StringComparison.Ordinal);

        (int status, JsonNode? problem) = await api.SendAsync(HttpMethod.Post, "experiments", JsonNode.Parse(Fill(body)));

        Assert.Equal((400, Fill(detail)), (status, problem!["detail"]!.GetValue<string>()));
    }

    private static object Body(PromotionsApi api, string id, bool adaptive = false) =>
        new
        {
            id,
            model = api.Model,
            environment = api.Environment,
            arms = new object[] { new { name = "a", version = 1 }, new { name = "b", version = 2 } },
            metric = "feedback",
            adaptive,
        };

    /// <summary>Every prediction gets feedback, of arm b mostly good.</summary>
    private static async Task CaptureAsync(PromotionsApi api, RolloutRecord record, int predictions, bool byLabel = false)
    {
        using CaptureWriter writer = new(
            api.Get<AzureObjectStore>(),
            new CaptureOptions(),
            TimeProvider.System,
            NullLogger<CaptureWriter>.Instance
        );
        await writer.StartAsync(Cancellation);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        for (int i = 0; i < predictions; i++)
        {
            ExperimentArm arm = record.Experiment!.Arms[i % 2];
            CaptureRecord prediction = new()
            {
                Kind = CaptureKind.Prediction,
                PredictionId = PredictionId.Create(api.Model, arm.Version, api.Environment, arm.Name, now).ToString(),
                Time = now,
                Model = api.Model,
                Version = arm.Version,
                Environment = api.Environment,
                Arm = arm.Name,
                Revision = record.Revision,
                Status = 200,
            };
            writer.TryWrite(prediction);
            double value = i % 10 < (arm.Name == "b" ? 8 : 3) ? 1 : 0;
            FeedbackSummary told = byLabel
                ? new FeedbackSummary(null, "cat", now, Sealed: true, Correct: value > 0)
                : new FeedbackSummary(value, null, now);
            writer.TryWrite(prediction with { Kind = CaptureKind.Feedback, Status = 0, Feedback = told });
        }
        await writer.FlushAsync(Cancellation);
        await writer.StopAsync(Cancellation);
    }
}
