using System.Net.Http.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Promotions;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>A candidate whose answers to callers are no numbers meets half of a model's callers, and is taken back from them.</summary>
internal static class BadCanary
{
    /// <summary>Of the environment: it leaves the way open for what the promotion asks for.</summary>
    public static (string Key, string Value) Setting(string environment) =>
        (
            $"Promotion:Plans:{environment}",
            """{ "validation": false, "shadow": null, "approval": null, "canary": [], "guards": { "latencyRatio": null } }"""
        );

    private const string Plan = """{ "watchEvery": "00:00:00.5", "canary": [{ "weight": 0.5, "bake": "01:00:00" }] }""";

    private static readonly string[] Versions = ["sound", "not-a-number"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="promoting">Asks the host that runs the promotion.</param>
    /// <param name="asking">Asks the host whose callers meet the candidate.</param>
    public static async Task IsTakenBackAsync(
        LocalStack stack,
        string model,
        string environment,
        HttpClient promoting,
        HttpClient asking,
        TimeSpan limit
    )
    {
        foreach (string package in Versions)
        {
            await Packages.RegisterAsync(stack, model, package);
        }
        using HttpResponseMessage served = await promoting.PutAsync(
            $"models/{model}/aliases/{environment}",
            JsonContent.Create(new { version = 1 }).RequestedBy("tests"),
            Cancellation
        );
        served.EnsureSuccessStatusCode();
        PromotionClient promotions = new(promoting, TimeProvider.System);
        await using Traffic traffic = new(asking, model, environment);

        PromotionSeen seen = await promotions.StartAsync(new PromotionAsked(model, 2, null, environment, "ci", Plan), Cancellation);
        seen = await Eventually.HoldsAsync(
            async () => await promotions.FetchAsync(seen.Id, Cancellation) is { Verdict: not null } ended ? ended : null,
            "the verdict",
            limit,
            Cancellation
        );

        Assert.Equal("rolled back", seen.Verdict);
        Assert.Contains("of the candidate's", seen.Reason, StringComparison.Ordinal);
        Assert.Equal(
            [$"{model}/1"],
            await Eventually.HoldsAsync(
                async () => await traffic.AnsweringAsync() is [var only] ? (string[])[only] : null,
                "all callers back at the version that served",
                limit,
                Cancellation
            )
        );
    }
}
