using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>Nothing is lost and nothing is done twice when events are lost, doubled and shuffled on the way.</summary>
public sealed class EventFaultTests
{
    private const long MostLost = 30; // of 120, of which six are to be expected

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_SomeLostAndTheRestTripledAndShuffled_EachAnalysedOnce_AfterOneReconcile()
    {
        await using LocalStack stack = await OwnStack.StartAsync(
            "events",
            ("Faults:LostEvents", "0.05"),
            ("Faults:EventCopies", "3"),
            ("Faults:Seed", "5"),
            ("Reconcile:Grace", "01:00:00")
        ); // the timer mends nothing first
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(client, 120, Cancellation);
        long lost = await SettleAllButLostAsync(client, uploads.Count);

        await client.ReconcileAsync(Cancellation);

        Assert.InRange(lost, 1, MostLost);
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);
        Assert.Equal(uploads.Count, summary.Total.Processed);
        await Settled.AnalysedOnceAsync(client, uploads, Cancellation);
    }

    private static async Task<long> SettleAllButLostAsync(PipelineClient client, int uploads)
    {
        SummaryAnswer? last = null;
        SummaryAnswer settled = await Eventually.HoldsAsync(
            async () =>
            {
                SummaryAnswer answer = await client.FetchSummaryAsync(Cancellation);
                if (answer.AsOf == last?.AsOf)
                {
                    return null; // the same look, asked for again
                }
                bool still =
                    answer.Total.Expected == uploads
                    && answer.Total.Processing == 0
                    && answer.Total.Missing == last?.Total.Missing
                    && answer.Total.Missing <= MostLost;
                last = answer;
                return still ? answer : null;
            },
            "all events that were not lost",
            Limit,
            Cancellation
        );
        return settled.Total.Missing;
    }
}
