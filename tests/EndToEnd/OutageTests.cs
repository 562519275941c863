using Serverless.Local.Stack;
using Serverless.Ingest;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Both stores go away for a while. A class of its own: its wait passes beside the other tests.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Storage_AwayFor30Seconds_AllAnalysedAfterwards()
    {
        await using LocalStack stack = await SharedStack.StartOwnAsync("outage");
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(client, 40, Cancellation);

        await stack.StopStorageAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), Cancellation); // the outage is the test's subject
        stack.StartStorage();
        await stack.WaitUntilReadyAsync(Cancellation);
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        Assert.DoesNotContain(stack.Members, member => member.Restarts > 0);
        await Settled.AnalysedOnceAsync(client, uploads, Cancellation);
    }
}
