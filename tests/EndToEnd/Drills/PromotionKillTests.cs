using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Serverless.Local.Stack.Promotions;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>Promotions of a running system under traffic, whose host is killed at every step in turn.</summary>
public sealed class PromotionKillTests
{
    private const string Model = "entities";

    // As a plan goes, but for the times.
    private const string Plan = """
        { "watchEvery": "00:00:00.5", "approval": { "people": ["ana"] },
          "shadow": { "bake": "00:00:01", "minRequests": 5 },
          "canary": [{ "weight": 0.5, "bake": "00:00:01", "minRequests": 5 }, { "weight": 1, "bake": "00:00:01", "minRequests": 5 }] }
        """;

    // Longer than anybody waits: it is cancelled.
    private const string LongCanary =
        """{ "canary": [{ "weight": 0.5, "bake": "01:00:00" }, { "weight": 1, "bake": "00:00:01", "minRequests": 5 }] }""";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(7);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Host_KilledAtEveryStep_EndsPromotedOrAsBefore() => KillAtEveryStepAsync("promotion", DurableProviders.Sqlite);

    [Fact(Explicit = true)]
    public Task Host_OnAzureStorage_KilledAtEveryStep_EndsPromotedOrAsBefore() =>
        KillAtEveryStepAsync("promotion-azure", DurableProviders.AzureStorage);

    private static async Task KillAtEveryStepAsync(string name, string durableProvider)
    {
        StackOptions options = OwnStack.Options(name, ("Promotion:Plans:prod", Plan)) with
        {
            DurableProvider = durableProvider,
            HasGoldenSets = true,
            Workers = 0, // they only analyse uploads
        };
        await using LocalStack stack = await OwnStack.StartAsync(options);
        using PipelineClient client = new(stack);
        int version = await SampleModels.RegisterAnotherAsync(
            client.Http,
            Model,
            Path.Combine(stack.Options.DataDirectory, "another"),
            Cancellation
        );
        await using Traffic traffic = new(client.Http, Model);
        PromotionClient promotions = new(client.Http, TimeProvider.System);

        PromotionSeen promoted = await DriveAsync(
            stack,
            promotions,
            version,
            plan: null,
            "validation",
            "shadow",
            "approval",
            "canary 50 %",
            "canary 100 %"
        );
        PromotionSeen cancelled = await DriveAsync(stack, promotions, 1, LongCanary, "canary 50 %");

        Assert.Equal(("promoted", null), (promoted.Verdict, promoted.Reason));
        Assert.Equal(("rolled back", "Cancelled by ana."), (cancelled.Verdict, cancelled.Reason));
        Assert.Equal(version, await ServingAsync(client.Http));
        Assert.True(stack.Functions.Restarts >= 6, "The host is to be killed at each stage named above.");
        Assert.Equal(
            [$"entities/{version}"],
            await Eventually.HoldsAsync(
                async () => await traffic.AnsweringAsync() is [var only] ? (string[])[only] : null,
                "all callers at the version that serves",
                Limit,
                Cancellation
            )
        );
        Assert.Empty(traffic.Faults);
    }

    /// <summary>
    /// Kills the host when the promotion first comes to each stage, agrees to it, and cancels it in a long canary, until it ends.
    /// </summary>
    private static async Task<PromotionSeen> DriveAsync(
        LocalStack stack,
        PromotionClient promotions,
        int version,
        string? plan,
        params string[] kills
    )
    {
        PromotionSeen seen = await promotions.StartAsync(new PromotionAsked(Model, version, null, "prod", "ci", plan), Cancellation);
        HashSet<string> killed = [];
        bool asked = false,
            cancelled = false;
        return await Eventually.HoldsAsync(
            async () =>
            {
                seen = await promotions.FetchAsync(seen.Id, Cancellation);
                if (kills.Contains(seen.Stage) && killed.Add(seen.Stage))
                {
                    stack.Functions.Kill();
                    await stack.WaitUntilReadyAsync(Cancellation);
                }
                else if (seen.Stage == "approval" && !asked)
                {
                    asked = true;
                    await promotions.DecideAsync(seen.Id, "ana", approve: true, null, Cancellation);
                }
                else if (plan == LongCanary && seen.Stage == "canary 50 %" && !cancelled)
                {
                    cancelled = true; // once: a promotion that has ended refuses it
                    await promotions.CancelAsync(seen.Id, "ana", Cancellation);
                }
                return seen.Verdict is null ? null : seen;
            },
            "the promotion's verdict",
            Limit,
            Cancellation
        );
    }

    private static async Task<int> ServingAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>($"models/{Model}/aliases/prod", Cancellation)).GetProperty("version").GetInt32();
}
