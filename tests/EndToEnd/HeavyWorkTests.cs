using System.Diagnostics;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Processes;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Pictures that take much to decode: a hundred million pixels in a file of 400 kB.</summary>
public sealed class HeavyWorkTests
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(300);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One takes 300 MB for the whole of its frame, and eight at once, as many as host.json runs, took 3.7 GB.</summary>
    [Fact(Explicit = true)]
    public async Task Pictures_ThatDecodeToMuch_AreDecodedWithinTheBudgetOfTheirProcess()
    {
        await using LocalStack stack = await OwnStack.StartAsync("heavy-pictures");
        using PipelineClient client = new(stack);
        List<AssetSource> uploads = [];
        foreach (string colour in HeavyPictures.Colours)
        {
            byte[] picture = await MakeGifAsync(colour);
            uploads.Add(await PipelineClient.UploadAsync(client.Azure, $"{colour}.gif", picture, Cancellation));
        }
        uploads.AddRange(await Uploads.TextsAsync(client, 10, Cancellation));

        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        Assert.All(stack.Members, member => Assert.Equal(0, member.Restarts));
        long peak = PeakBytes(WorkerOf(stack.Functions));
        Assert.True(peak < 2L << 30, $"The worker had {peak >> 20:N0} MB resident.");
    }

    [Fact(Explicit = true)]
    public async Task AnAsset_WhoseProcessDiesEachTime_IsQuarantined_AndHoldsUpNoOther()
    {
        await using LocalStack stack = await OwnStack.StartAsync("killing-work");
        using PipelineClient client = new(stack);
        byte[][] pictures = await Task.WhenAll(HeavyPictures.Colours.Take(4).Select(MakeGifAsync));
        AssetSource killer = await PipelineClient.UploadAsync(client.Azure, "killer.gif", pictures[0], Cancellation);
        List<AssetSource> others = [];
        foreach (byte[] picture in pictures[1..])
        {
            others.Add(await PipelineClient.UploadAsync(client.Azure, $"beside-{others.Count}.gif", picture, Cancellation));
        }
        int killed = 0;

        LedgerEntry entry = await Eventually.HoldsAsync(
            async () =>
            {
                LedgerEntry? now = await Settled.EntryAsync(client, killer, Cancellation);
                if (now is { State: AssetState.Processing } && now.RunAttempts > killed)
                {
                    Process.GetProcessById(WorkerOf(stack.Functions)).Kill();
                    killed = now.RunAttempts;
                }
                return now is { State: AssetState.Quarantined or AssetState.Processed } ? now : null;
            },
            "an end of an asset whose process is killed whenever its analysis begins",
            Limit,
            Cancellation
        );
        others.AddRange(await Uploads.TextsAsync(client, 4, Cancellation));
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, 1 + others.Count, Limit, Cancellation);

        Assert.Equal((AssetState.Quarantined, MostAttempts), (entry.State, killed));
        Assert.Equal((1, others.Count), (summary.Total.Quarantined, summary.Total.Processed)); // also those in hand with it
        Assert.StartsWith($"It failed {MostAttempts} times, at last because: ", entry.Failure!.Message, StringComparison.Ordinal);
    }

    private static Task<byte[]> MakeGifAsync(string colour) => HeavyPictures.MakeAsync(colour, 9_990);

    private static int WorkerOf(ChildProcess host) => Processes.ChildOf(host.ProcessId);

    private static long PeakBytes(int process) => (Processes.NumberIn(process, "VmHWM:") ?? 0) * 1024;
}
