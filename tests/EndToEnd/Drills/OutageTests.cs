using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Processes;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>Both stores go away for a while, or the worker does. A class of its own: its wait passes beside the other tests.</summary>
public sealed class OutageTests(OutageStack outage) : IClassFixture<OutageStack>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HealthAndAnAlert_TellOfAWorkerThatStoodStill_UntilItIsBack()
    {
        const string queue = "queue gpu-jobs";
        await Health.UntilHealthyAsync(outage.Client, Cancellation);
        await AlertReceiver.HurryAsync(outage.Client, "backlogAge", limit: 2, Cancellation);
        await using AlertReceiver receiver = await AlertReceiver.SubscribeAsync(outage.Client, Cancellation);

        int worker = outage.Stack.Workers.Single().ProcessId;
        await Health.SignalAsync("STOP", worker, Cancellation);
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("The harbour of Port Alder was closed. ", 10_000)));
        AssetSource source = await PipelineClient.UploadAsync(outage.Client.Azure, "long.txt", text, Cancellation);
        outage.Uploaded.Add(source);
        await Health.UntilMissedAsync(outage.Client, [queue, "member gpu-batch-1"], Cancellation);
        JsonElement opened = await receiver.ToldAsync("alert.opened", "backlogAge", queue, Cancellation);
        await Health.SignalAsync("CONT", worker, Cancellation);

        await Settled.AnalysisAsync(outage.Client, source, Cancellation);
        JsonElement resolved = await receiver.ToldAsync("alert.resolved", "backlogAge", queue, Cancellation);
        await Health.UntilHealthyAsync(outage.Client, Cancellation);

        Assert.Equal("critical", resolved.GetProperty("severity").GetString());
        Assert.Equal(opened.GetProperty("id").GetString(), resolved.GetProperty("id").GetString());
        Assert.True(opened.GetProperty("value").GetDouble() > opened.GetProperty("limit").GetDouble());
    }

    [Fact]
    public async Task Health_TellsOfAMemberThatKeepsEnding_UntilItRuns()
    {
        await Health.UntilHealthyAsync(outage.Client, Cancellation);

        await Health.UntilMissedAsync(outage.Client, ["member events"], Cancellation, meanwhile: outage.Stack.Events.Kill);

        await Health.UntilHealthyAsync(outage.Client, Cancellation);
    }

    [Fact]
    public Task Storage_AwayFor30Seconds_IsMissedByHealth_AndAllAnalysedAfterwards() =>
        CutAsync(outage.Stack, outage.Client, outage.Uploaded);

    [Fact(Explicit = true)]
    public async Task Storage_OnAzureStorage_AwayFor30Seconds_AllAnalysedAfterwards()
    {
        await using LocalStack stack = await OwnStack.StartAsync(
            OwnStack.Options("outage-azure") with
            {
                DurableProvider = DurableProviders.AzureStorage,
            }
        );
        using PipelineClient client = new(stack);
        await CutAsync(stack, client, []);
    }

    /// <param name="uploaded">Before, and what is uploaded now.</param>
    private static async Task CutAsync(LocalStack stack, PipelineClient client, List<AssetSource> uploaded)
    {
        uploaded.AddRange(await Uploads.TextsAsync(client, 40, Cancellation));

        int restarts = RestartsBut(stack.Functions, stack);
        await stack.StopStorageAsync();
        Task away = Task.Delay(TimeSpan.FromSeconds(30), Cancellation); // the outage is the test's subject
        await Health.UntilMissedAsync(client, ["store azure", "store s3"], Cancellation);
        await away;
        stack.StartStorage();
        await stack.WaitUntilReadyAsync(Cancellation);
        // An event in the hand of a host that ends itself stays invisible for ten minutes (the blob trigger's queue).
        await client.ReconcileAsync(Cancellation);
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploaded.Count, Limit, Cancellation);

        Assert.Equal(uploaded.Count, summary.Total.Processed);
        // A Functions host ends itself without its storage and is started again; all else waits.
        Assert.Equal(restarts, RestartsBut(stack.Functions, stack));
        await Settled.AnalysedOnceAsync(client, uploaded, Cancellation);
        await Health.UntilHealthyAsync(client, Cancellation);
    }

    private static int RestartsBut(ChildProcess one, LocalStack stack) =>
        stack.Members.Where(member => member != one).Sum(member => member.Restarts);
}
