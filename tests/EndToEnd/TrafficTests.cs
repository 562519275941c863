using System.Net.Http.Json;
using Serverless.Embedded.Stack;
using Serverless.Embedded.Stack.Load;
using Serverless.Embedded.Stack.Models;
using Serverless.Embedded.Stack.Promotions;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>What callers notice while what serves them is changed in every way there is. How fast it is, the benchmarks measure.</summary>
public sealed class TrafficTests
{
    private const string Model = "entities";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_ThroughEveryChange_AreAnsweredByWhatServes()
    {
        await using LocalStack stack = await SharedStack.StartOwnAsync("traffic");
        using PipelineClient client = new(stack);
        await SampleModels.RegisterAsync(client, Cancellation);
        int other = await SampleModels.RegisterAnotherAsync(client.Http, Model, Path.Combine(stack.Options.DataDirectory, "another"), Cancellation);
        DrillPlan plan = new(Rate: 20, Dwell: TimeSpan.FromSeconds(1), Validates: false, Seed: 3);
        using ChangeDrill drill = new(stack, client.Http, Model, stable: 1, other, plan, TimeProvider.System);

        DrillReport seen = await drill.RunAsync(Cancellation);

        Assert.Empty(seen.Dropped);
        Assert.Empty(seen.Unlawful);
        Assert.Equal(1, stack.Functions.Restarts);
        Assert.Equal([1, other], seen.Load.Samples.Select(DrillReport.VersionOf).Distinct().Order());
    }

    /// <summary>The promotion runs on the first host, and all callers ask the second: it divides them, is watched, and gives them back.</summary>
    [Fact]
    public async Task Canary_OfASecondHost_IsTakenBackByTheFirst()
    {
        const string name = "two-hosts", environment = "qa";
        await using LocalStack stack = await SharedStack.StartOwnAsync("two-hosts");
        using PipelineClient client = new(stack);
        using HttpClient second = new() { BaseAddress = new Uri(await stack.StartAnotherHostAsync(Cancellation), "api/") };
        second.DefaultRequestHeaders.Add("x-functions-key", stack.FunctionsKey);
        foreach (string package in (string[])["text-mean", "text-not-finite"])
            await Packages.RegisterAsync(stack, name, package);
        using HttpResponseMessage served = await client.Http.PutAsJsonAsync($"models/{name}/aliases/{environment}", new { version = 1, by = "tests" }, Cancellation);
        served.EnsureSuccessStatusCode();
        PromotionClient promotions = new(client.Http, TimeProvider.System);
        await using Traffic traffic = new(second, name, environment);

        const string plan = """{ "validation": false, "watchEvery": "00:00:00.5", "canary": [{ "weight": 0.5, "bake": "01:00:00" }] }""";
        PromotionSeen seen = await promotions.StartAsync(new PromotionAsked(name, 2, null, environment, "ci", plan), Cancellation);
        seen = await Eventually.HoldsAsync(
            async () => await promotions.FetchAsync(seen.Id, Cancellation) is { Verdict: not null } ended ? ended : null, "the verdict", Limit, Cancellation);

        Assert.Equal("rolled back", seen.Verdict);
        Assert.Contains("of the candidate's", seen.Reason, StringComparison.Ordinal);
        Assert.Equal([$"{name}/1"], await Eventually.HoldsAsync(
            async () => await traffic.AnsweringAsync() is [var only] ? (string[])[only] : null, "all callers back at the version that served", Limit, Cancellation));
    }
}
