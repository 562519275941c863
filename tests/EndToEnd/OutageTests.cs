using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Both stores go away for a while. A class of its own: its wait passes beside the other tests.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Storage_AwayFor30Seconds_AllAnalysedAfterwards() => CutAsync("outage", DurableProviders.Sqlite);

    [Fact(Explicit = true)]
    public Task Storage_OnAzureStorage_AwayFor30Seconds_AllAnalysedAfterwards() => CutAsync("outage-azure", DurableProviders.AzureStorage);

    private static async Task CutAsync(string name, string durableProvider)
    {
        await using LocalStack stack = await SharedStack.StartOwnAsync(name, durableProvider);
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(client, 40, Cancellation);

        await stack.StopStorageAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), Cancellation); // the outage is the test's subject
        stack.StartStorage();
        await stack.WaitUntilReadyAsync(Cancellation);
        // An event in the hand of a host that ends itself stays invisible for ten minutes (the blob trigger's queue).
        await client.ReconcileAsync(Cancellation);
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        // A Functions host ends itself without its storage and is started again; all else waits.
        Assert.DoesNotContain(stack.Members.Except([stack.Functions]), member => member.Restarts > 0);
        await Settled.AnalysedOnceAsync(client, uploads, Cancellation);
    }
}
