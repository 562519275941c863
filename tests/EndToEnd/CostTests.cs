using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>What uploads cost, whichever process analysed them: an activity, the Lambda function, or a worker for either.</summary>
public sealed class CostTests(SharedStack shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UploadsToBothStores_HaveTheirCost_ByRun_AndByHourOfMedia()
    {
        foreach (IObjectStore store in shared.Client.Stores)
        {
            (AssetSource film, AnalysisSpending filmSpent) = await UploadAsync(store, "film.mp4", await FilmAsync(store.Name));
            (AssetSource text, AnalysisSpending textSpent) = await UploadAsync(
                store,
                "text.txt",
                Encoding.UTF8.GetBytes($"The harbour of {store.Name} counts its costs.")
            );

            Assert.True(filmSpent.MediaSeconds > 0);
            Assert.Null(textSpent.MediaSeconds);
            bool hasRun = store.Name == shared.Client.Azure.Name;
            await RunShowsAsync(hasRun ? film.InstanceId() : $"job:{film.InstanceId()}", filmSpent);
            await RunShowsAsync(hasRun ? text.InstanceId() : $"lambda:{text.InstanceId()}", textSpent);
        }

        JsonElement cost = await shared.Client.Http.GetFromJsonAsync<JsonElement>("cost", Cancellation);
        JsonElement video = cost.GetProperty("media").EnumerateArray().Single(kind => Text(kind, "kind") == "video");
        Assert.True(video.GetProperty("analyses").GetInt32() >= 2);
        Assert.True(Number(video, "costPerHour") > 0);
        Assert.Equal(CostOf(Number(video, "processorSeconds")) / Number(video, "hours"), Number(video, "costPerHour"), 9);
        Assert.Contains(cost.GetProperty("media").EnumerateArray(), kind =>
            Text(kind, "kind") == "text" && Number(kind, "costPerAnalysis") > 0
        );
        JsonElement[] runs = [.. cost.GetProperty("runs").EnumerateArray()];
        Assert.All(runs, run => Assert.Equal(Number(run, "cost") / Number(run, "runs"), Number(run, "costPerRun"), 9));
        Assert.Empty(
            new[] { "orchestration IngestAsset", "job AnalyseVideo", "lambda IngestObject" }.Except(
                runs.Select(run => $"{Text(run, "kind")} {Text(run, "name")}")
            )
        );
    }

    /// <summary>The run itself where it is an orchestration, and its line in the list.</summary>
    private async Task RunShowsAsync(string id, AnalysisSpending spent)
    {
        JsonElement[] found = await Eventually.HoldsAsync(
            async () =>
            {
                JsonElement page = await shared.Client.Http.GetFromJsonAsync<JsonElement>($"runs?prefix={id}", Cancellation);
                JsonElement[] same = [.. page.GetProperty("items").EnumerateArray().Where(run => Text(run, "id") == id)];
                return same is [var run] && run.TryGetProperty("cost", out _) ? same : null;
            },
            $"the cost of run {id}",
            TimeSpan.FromSeconds(60),
            Cancellation
        );
        JsonElement run = id.Contains(':', StringComparison.Ordinal)
            ? found[0]
            : await shared.Client.Http.GetFromJsonAsync<JsonElement>($"runs/{id}", Cancellation);

        Assert.All([found[0], run], one => Assert.Equal(spent.ProcessorSeconds, Number(one.GetProperty("cost"), "processorSeconds")));
        Assert.All([found[0], run], one => Assert.Equal(CostOf(spent.ProcessorSeconds), Number(one.GetProperty("cost"), "cost"), 12));
    }

    private async Task<(AssetSource Source, AnalysisSpending Spent)> UploadAsync(IObjectStore store, string name, byte[] content)
    {
        AssetSource source = await PipelineClient.UploadAsync(store, "costs/" + name, content, Cancellation);
        AnalysisDocument document = await Settled.AnalysisAsync(shared.Client, source, Cancellation);
        LedgerEntry entry = (await Settled.EntryAsync(shared.Client, source, Cancellation))!;

        Assert.All(document.Models, use =>
            Assert.Contains(document.Spent!, model => (model.Name, model.Version) == (use.Name, use.Version))
        );
        Assert.All(document.Spent!, model => Assert.True(model.ProcessorSeconds > 0));
        Assert.Equal(AnalysisSpending.Of(document), entry.Spent);
        return (source, entry.Spent!);
    }

    /// <summary>With a box that players skip, so that no other test has analysed the same bytes.</summary>
    private static async Task<byte[]> FilmAsync(string store)
    {
        byte[] film = await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, "coast-report.mp4"), Cancellation);
        return [.. film, 0, 0, 0, (byte)(8 + store.Length), .. "free"u8, .. Encoding.ASCII.GetBytes(store)];
    }

    private static double CostOf(double processorSeconds) =>
        processorSeconds / 3_600 * double.Parse(SharedStack.PerProcessorHour, CultureInfo.InvariantCulture);

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
