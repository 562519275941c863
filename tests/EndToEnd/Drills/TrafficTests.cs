using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>What callers notice while what serves them is changed in every way there is. How fast it is, the benchmarks measure.</summary>
[TestCaseOrderer(typeof(ByName))]
public sealed class TrafficTests(TrafficStack traffic) : IClassFixture<TrafficStack>
{
    public const string Model = "entities";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_ThroughEveryChange_AreAnsweredByWhatServes()
    {
        LocalStack stack = traffic.Stack;
        HttpClient http = traffic.Client.Http;
        int other = await SampleModels.RegisterAnotherAsync(
            http,
            Model,
            Path.Combine(stack.Options.DataDirectory, "another"),
            Cancellation
        );
        DrillPlan plan = new(Rate: 20, Dwell: TimeSpan.FromSeconds(1), Validates: false, Seed: 3);
        using ChangeDrill drill = new(stack, http, Model, stable: 1, other, plan, TimeProvider.System);

        DrillReport seen = await drill.RunAsync(Cancellation);

        Assert.Empty(seen.Dropped);
        Assert.Empty(seen.Unlawful);
        Assert.Equal([1, other], seen.Load.Samples.Select(DrillReport.VersionOf).Distinct().Order());
    }

    /// <summary>
    /// The promotion runs on the first host, and all callers ask the second: it divides them, is watched, and gives them back.
    /// </summary>
    [Fact]
    public async Task Canary_OfASecondHost_IsTakenBackByTheFirst()
    {
        LocalStack stack = traffic.Stack;
        using HttpClient second = new() { BaseAddress = new Uri(await traffic.SecondHostAsync(Cancellation), "api/") };
        second.DefaultRequestHeaders.Add("x-functions-key", stack.FunctionsKey);

        await BadCanary.IsTakenBackAsync(stack, "two-hosts", "qa", promoting: traffic.Client.Http, asking: second, Limit);
    }

    /// <summary>Two hosts on one storage, each with a run store of its own, once analysed 30 uploads 59 times.</summary>
    [Fact]
    public async Task Uploads_WithTwoHosts_AreEachAnalysedOnce()
    {
        _ = await traffic.SecondHostAsync(Cancellation);

        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(traffic.Client, 30, Cancellation);

        await Settled.NothingMissingAsync(traffic.Client, uploads.Count, Limit, Cancellation);
        await Settled.AnalysedOnceAsync(traffic.Client, uploads, Cancellation);
        foreach (AssetSource upload in uploads)
        {
            Assert.Equal(1, (await Settled.EntryAsync(traffic.Client, upload, Cancellation))!.Attempts);
        }
    }
}
