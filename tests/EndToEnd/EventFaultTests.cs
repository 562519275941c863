using Serverless.Assets;
using Serverless.Embedded.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Nothing is lost and nothing is done twice when events are lost, doubled and shuffled on the way.</summary>
public sealed class EventFaultTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_FivePercentLost_NoneMissingAfterOneReconcile()
    {
        await using LocalStack stack = await SharedStack.StartOwnAsync("lost-events", ("Embedded:Faults:LostEvents", "0.05"), ("Embedded:Faults:Seed", "5"));
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(client, 120, Cancellation);
        long lost = await SettleAllButLostAsync(client, uploads.Count);

        await client.ReconcileAsync(Cancellation);

        Assert.InRange(lost, 1, 30);
        await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);
    }

    [Fact]
    public async Task Events_TripledAndShuffled_EachAnalysedOnce()
    {
        await using LocalStack stack = await SharedStack.StartOwnAsync("tripled-events", ("Embedded:Faults:EventCopies", "3"), ("Embedded:Faults:Seed", "7"));
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(client, 60, Cancellation);

        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        await Settled.AnalysedOnceAsync(client, uploads, Cancellation);
    }

    private static async Task<long> SettleAllButLostAsync(PipelineClient client, int count)
    {
        long missing = -1;
        SummaryAnswer settled = await Eventually.HoldsAsync(
            async () =>
            {
                SummaryAnswer answer = await client.FetchSummaryAsync(Cancellation);
                bool still = answer.Total.Processing == 0 && answer.Total.Missing == missing && answer.Total.Missing < count / 3;
                missing = answer.Total.Missing;
                return still ? answer : null;
            },
            "all events that were not lost",
            Limit,
            Cancellation);
        return settled.Total.Missing;
    }
}
