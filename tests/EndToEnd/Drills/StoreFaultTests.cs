using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>A store that forgets, and a way to it that loses what it says.</summary>
public sealed class StoreFaultTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Answers_ThatAreLost_AndWritesCutOff_LoseAndDoubleNothing() => LoseAnswersAsync("lost-answers", texts: 20, samples: 10);

    [Fact(Explicit = true)]
    public Task Answers_ThatAreLost_OfManyUploads_LoseAndDoubleNothing() => LoseAnswersAsync("lost-answers-many", texts: 400, samples: 100);

    /// <summary>
    /// As after a restored backup: the run store says of each upload that it is processed, and the store has no ledger of it.
    /// </summary>
    [Fact]
    public async Task Storage_RolledBackBeforeItsAnalyses_IsAnalysedAnew()
    {
        await using LocalStack stack = await OwnStack.StartAsync("rolled-back");
        using PipelineClient client = new(stack);
        string[] kept = [.. new[] { "azurite", "s3" }.Select(store => Path.Combine(stack.Options.DataDirectory, store))];
        await stack.StopProgramsAsync();
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(client, 12, Cancellation);
        await stack.StopStorageAsync();
        foreach (string folder in kept)
        {
            FolderCopy.Make(folder, $"{folder}-backup");
        }
        stack.StartStorage();
        stack.StartPrograms();
        await stack.WaitUntilReadyAsync(Cancellation);
        await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);

        await stack.StopProgramsAsync();
        await stack.StopStorageAsync();
        foreach (string folder in kept)
        {
            Directory.Delete(folder, recursive: true);
            Directory.Move($"{folder}-backup", folder);
        }
        stack.StartStorage();
        stack.StartPrograms();
        await stack.WaitUntilReadyAsync(Cancellation);
        await client.ReconcileAsync(Cancellation);

        await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);
        await Settled.AnalysedOnceAsync(client, uploads, Cancellation);
    }

    private static async Task LoseAnswersAsync(string name, int texts, int samples)
    {
        StackOptions options = OwnStack.Options(name);
        await using FaultyConnection blobs = new(options.Ports.Blob, seed: 20_261_130),
            queues = new(options.Ports.Queue, seed: 20_261_201);
        options = options with
        {
            Settings = new Dictionary<string, string> { ["AzureWebJobsStorage"] = Through(options, blobs.Port, queues.Port) },
        };
        await using LocalStack stack = await OwnStack.StartAsync(options);
        using PipelineClient client = new(stack);
        (blobs.LosesAnswers, queues.LosesAnswers) = (0.05, 0.05);

        List<AssetSource> uploads = [.. await Uploads.TextsAsync(client, texts, Cancellation)];
        blobs.CutsOffWrites = true;
        await Eventually.HoldsAsync(
            () => Task.FromResult(blobs.CutOff >= 10 ? "cut off" : null),
            "requests that write and are cut off",
            Limit,
            Cancellation
        );
        blobs.CutsOffWrites = false;
        uploads.AddRange(await Uploads.SamplesAsync(client, samples, Cancellation));
        await Eventually.HoldsAsync(() => Task.FromResult(blobs.Lost >= 5 ? "lost" : null), "answers that are lost", Limit, Cancellation);
        (blobs.LosesAnswers, queues.LosesAnswers) = (0, 0);
        await stack.WaitUntilReadyAsync(Cancellation);
        // An event in the hand of a host that ends itself stays invisible for ten minutes (the blob trigger's queue).
        await client.ReconcileAsync(Cancellation);

        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Cancellation);
        Assert.Equal(uploads.Count, summary.Total.Processed);
        await Settled.AnalysedOnceAsync(client, uploads, Cancellation);
    }

    private static string Through(StackOptions options, int blobs, int queues) =>
        LocalStack
            .ConnectionStringOf(options)
            .Replace($"127.0.0.1:{options.Ports.Blob}/", $"127.0.0.1:{blobs}/", StringComparison.Ordinal)
            .Replace($"127.0.0.1:{options.Ports.Queue}/", $"127.0.0.1:{queues}/", StringComparison.Ordinal);
}
