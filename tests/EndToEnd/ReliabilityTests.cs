using System.Text;
using Serverless.Assets;
using Serverless.Assets.Ledgers;
using Serverless.Embedded.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Nothing is lost and nothing is done twice, whatever is lost, doubled, killed or cut on the way.</summary>
public sealed class ReliabilityTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_FivePercentLost_NoneMissingAfterOneReconcile()
    {
        await using LocalStack stack = await StartAsync("lost-events", ("Embedded:Faults:LostEvents", "0.05"), ("Embedded:Faults:Seed", "5"));
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await UploadTextsAsync(client, 120);
        long lost = await SettleAllButLostAsync(client, uploads.Count);

        await client.ReconcileAsync(Cancellation);

        Assert.InRange(lost, 1, 30);
        await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);
    }

    [Fact]
    public async Task Events_TripledAndShuffled_EachAnalysedOnce()
    {
        await using LocalStack stack = await StartAsync("tripled-events", ("Embedded:Faults:EventCopies", "3"), ("Embedded:Faults:Seed", "7"));
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await UploadTextsAsync(client, 60);

        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        await AssertAnalysedOnceAsync(client, uploads);
    }

    [Fact]
    public async Task Processes_KilledAtRandomMoments_AllAnalysedExactlyOnce()
    {
        await using LocalStack stack = await StartAsync("kills");
        using PipelineClient client = new(stack);
        Random random = new(300);
        List<AssetSource> uploads = [.. await UploadTextsAsync(client, 200), .. await UploadSamplesAsync(client, 100)];

        for (int kill = 0; kill < 6; kill++)
        {
            await Task.Delay(random.Next(300, 2500), Cancellation); // the random moment is the test's subject
            ChildProcess victim = (kill % 3) switch { 0 => stack.Functions, 1 => stack.Lambda, _ => stack.Workers.First() };
            victim.Kill();
        }
        await stack.WaitUntilReadyAsync(Cancellation);
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        Assert.True(stack.Members.Sum(member => member.Restarts) >= 6);
        await AssertAnalysedOnceAsync(client, uploads);
    }

    [Fact]
    public async Task Storage_AwayFor30Seconds_AllAnalysedAfterwards()
    {
        await using LocalStack stack = await StartAsync("outage");
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await UploadTextsAsync(client, 40);

        await stack.StopStorageAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), Cancellation); // the outage is the test's subject
        stack.StartStorage();
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        Assert.DoesNotContain(stack.Members, member => member.Restarts > 0);
        await AssertAnalysedOnceAsync(client, uploads);
    }

    private static Task<LocalStack> StartAsync(string name, params (string Key, string Value)[] settings) =>
        LocalStack.StartAsync(SharedStack.Fresh(name, settings), TimeProvider.System, Cancellation);

    /// <summary>Different short texts, half to each store.</summary>
    private static async Task<IReadOnlyList<AssetSource>> UploadTextsAsync(PipelineClient client, int count)
    {
        List<AssetSource> uploads = [];
        for (int i = 0; i < count; i++)
        {
            string text = $"Report {i}: the council of Nordhaven met on day {i} and spoke with Maria Keller about pier {i * 7}.";
            uploads.Add(await PipelineClient.UploadAsync(client.Stores[i % 2], $"texts/report-{i}.txt", Encoding.UTF8.GetBytes(text), Cancellation));
        }
        return uploads;
    }

    private static async Task<IReadOnlyList<AssetSource>> UploadSamplesAsync(PipelineClient client, int count)
    {
        // Small ones only: what is tried here is the kills, not the codecs.
        FileInfo[] samples = [.. new DirectoryInfo(Checkout.SamplesMedia).GetFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Length < 400_000 && file.Name != "expected.json" && file.Extension is ".jpg" or ".png" or ".webp" or ".mp4" or ".webm")];
        List<AssetSource> uploads = [];
        for (int i = 0; i < count; i++)
        {
            byte[] content = await File.ReadAllBytesAsync(samples[i % samples.Length].FullName, Cancellation);
            uploads.Add(await PipelineClient.UploadAsync(client.Stores[i % 2], $"samples/{i}{samples[i % samples.Length].Extension}", content, Cancellation));
        }
        return uploads;
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

    private static async Task AssertAnalysedOnceAsync(PipelineClient client, IReadOnlyList<AssetSource> uploads)
    {
        foreach (IObjectStore store in client.Stores)
        {
            List<string> analyses = [];
            await foreach (StoredObject stored in store.ListAsync("analyses/", Cancellation))
                if (stored.Path.EndsWith("/analysis.json", StringComparison.Ordinal))
                    analyses.Add(stored.Path);
            IEnumerable<string> expected = uploads.Where(u => u.Store == store.Name).Select(u => AssetLayout.Analysis(u.AssetId, u.VersionId));
            Assert.Equal(expected.Order(StringComparer.Ordinal), analyses.Order(StringComparer.Ordinal));
        }
        foreach (AssetSource upload in uploads)
            Assert.Equal(AssetState.Processed, (await Settled.EntryAsync(client, upload, Cancellation))!.State);
    }
}
