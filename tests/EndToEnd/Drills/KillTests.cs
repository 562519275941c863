using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Processes;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>Every asset is analysed exactly once, whichever process dies at whatever moment.</summary>
public sealed class KillTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Processes_KilledAtRandomMoments_AllAnalysedExactlyOnce() =>
        KillAsync("kills", DurableProviders.Sqlite, uploads: 150, kills: 8);

    /// <summary>A host that has just been killed needs some seconds to come back: killed as often as above, it would do nothing.</summary>
    [Fact(Explicit = true)]
    public Task Processes_KilledAllTheWhile_ThousandsAnalysedExactlyOnce() =>
        KillAsync("kills-many", DurableProviders.Sqlite, uploads: 5_000, kills: 60, mostMilliseconds: 12_000);

    /// <summary>What a killed host had in hand stays invisible for a minute there (host.json).</summary>
    [Fact(Explicit = true)]
    public Task Processes_OnAzureStorage_KilledAtRandomMoments_AllAnalysedExactlyOnce() =>
        KillAsync("kills-azure", DurableProviders.AzureStorage, uploads: 300, kills: 8);

    private static async Task KillAsync(string name, string durableProvider, int uploads, int kills, int mostMilliseconds = 2_500)
    {
        // A killed worker's jobs come back when their lease has run out; a short one shows the same as the default minute.
        await using LocalStack stack = await OwnStack.StartAsync(
            OwnStack.Options(name, ("Worker:Lease", "00:00:15")) with
            {
                DurableProvider = durableProvider,
            }
        );
        using PipelineClient client = new(stack);
        Random random = new(300);
        Task<IReadOnlyList<AssetSource>> texts = Uploads.TextsAsync(client, uploads - uploads / 3, Cancellation),
            samples = Uploads.SamplesAsync(client, uploads / 3, Cancellation);

        for (int kill = 0; kill < kills; kill++)
        {
            await Task.Delay(random.Next(300, mostMilliseconds), Cancellation); // the random moment is the test's subject
            ChildProcess victim = (kill % 4) switch
            {
                0 => stack.Functions,
                1 => stack.Lambda,
                2 => stack.Events,
                _ => stack.Workers.First(),
            };
            victim.Kill();
        }
        AssetSource[] uploaded = [.. await texts, .. await samples];
        await stack.WaitUntilReadyAsync(Cancellation);
        // An event in the hand of a host that is killed stays invisible for ten minutes (the blob trigger's queue); the reconcile finds its
        // upload.
        await client.ReconcileAsync(Cancellation);
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads, kills * Limit / 8, Cancellation);

        Assert.Equal(uploads, summary.Total.Processed);
        Assert.True(stack.Members.Sum(member => member.Restarts) >= kills);
        await Settled.AnalysedOnceAsync(client, uploaded, Cancellation);
    }
}
