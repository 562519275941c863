using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Functions.Azure.Costs;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Runs;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Ingest;
using Serverless.Unit.Runs;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Costs;

public sealed class CostFunctionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cost_OfAModelThatWasAsked_NamesItsVersion_ItsPredictions_AndWhatTheyCost()
    {
        using InferenceRuntime runtime = new(new RuntimeOptions());
        using TextEmbedder embedder = new(runtime, TestModels.Load("text-mean"));
        embedder.Embed(["a cat sat on the mat", "a dog"], Token);

        JsonElement answer = await AskAsync(await TestBucket.OpenAsync(servers), runtime, 0.05);

        JsonElement model = Assert.Single(answer.GetProperty("models").EnumerateArray());
        double seconds = model.GetProperty("processorSeconds").GetDouble();
        Assert.Equal(("text-mean", "1"), (model.GetProperty("model").GetString(), model.GetProperty("version").GetString()));
        Assert.Equal(3, model.GetProperty("predictions").GetInt64()); // one was the trial of the load
        Assert.Equal(seconds / 3_600 * 0.05, model.GetProperty("cost").GetDouble(), 12);
        Assert.Equal(model.GetProperty("cost").GetDouble() * 1_000 / 3, model.GetProperty("costPerThousand").GetDouble(), 9);
        Assert.InRange(answer.GetProperty("since").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Cost_WithoutPrices_SaysSo_AndThatModelsAreOfThisProcess()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        await SettleAsync(store, "film", MediaKind.Video, new AnalysisSpending(3, 0, 60));

        JsonElement answer = await AskAsync(store, TestModels.Runtime, 0);

        Assert.StartsWith(
            "Models: this process alone, since it started.",
            answer.GetProperty("scope").GetString(),
            StringComparison.Ordinal
        );
        Assert.Contains(answer.GetProperty("unpriced").EnumerateArray(), line =>
            line.GetString()!.StartsWith("Prices:PerProcessorHour is 0, which stands for 'not configured'", StringComparison.Ordinal)
        );
        JsonElement media = Assert.Single(answer.GetProperty("media").EnumerateArray());
        Assert.Equal(3, media.GetProperty("processorSeconds").GetDouble());
        Assert.False(media.TryGetProperty("costPerHour", out _));
    }

    [Fact]
    public async Task Cost_OfAnHourOfMedia_IsWhatItsFilmsTookTimesThePrices()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        await SettleAsync(store, "film", MediaKind.Video, new AnalysisSpending(36, 18, 1_800));
        await SettleAsync(store, "other", MediaKind.Video, new AnalysisSpending(36, 18, 1_800));
        await SettleAsync(store, "text", MediaKind.Text, new AnalysisSpending(9, 0, null));

        JsonElement[] media = [.. (await AskAsync(store, TestModels.Runtime, 0.05)).GetProperty("media").EnumerateArray()];

        Assert.Equal(["text", "video"], media.Select(kind => kind.GetProperty("kind").GetString()));
        Assert.Equal(9 / 3_600.0 * 0.05, media[0].GetProperty("costPerAnalysis").GetDouble(), 12);
        Assert.False(media[0].TryGetProperty("hours", out _) || media[0].TryGetProperty("costPerHour", out _));
        double cost = (72 / 3_600.0 * 0.05) + (36 / 3_600.0 * 2);
        Assert.Equal((2, 1.0), (media[1].GetProperty("analyses").GetInt32(), media[1].GetProperty("hours").GetDouble()));
        Assert.Equal(cost, media[1].GetProperty("costPerHour").GetDouble(), 12);
        Assert.Equal(cost / 2, media[1].GetProperty("costPerAnalysis").GetDouble(), 12);
    }

    [Fact]
    public async Task Cost_OfRuns_IsByTheirName_OfThoseThatAskedModels()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        using (RunRecorder recorder = new(store, new RunIndexOptions(), TimeProvider.System, NullLogger<RunRecorder>.Instance))
        {
            await recorder.StartAsync(Token);
            await recorder.RecordAsync(RunsOf.Run("a") with { Spent = new RunSpent(10, 0) }, Token);
            await recorder.RecordAsync(RunsOf.Run("b") with { Spent = new RunSpent(20, 0) }, Token);
            await recorder.RecordAsync(RunsOf.Run("c"), Token);
            await recorder.RecordAsync(
                RunsOf.Run("d", name: "AnalyseVideo") with
                {
                    Kind = RunKind.Job,
                    Spent = new RunSpent(90, 0),
                },
                Token
            );
            await recorder.StopAsync(Token);
        }

        JsonElement[] runs = [.. (await AskAsync(store, TestModels.Runtime, 0.05)).GetProperty("runs").EnumerateArray()];

        Assert.Equal(
            [("AnalyseVideo", "job", 1, 90), ("IngestAsset", "orchestration", 2, 30)],
            runs.Select(run =>
                (
                    run.GetProperty("name").GetString(),
                    run.GetProperty("kind").GetString(),
                    run.GetProperty("runs").GetInt32(),
                    run.GetProperty("processorSeconds").GetDouble()
                )
            )
        );
        Assert.Equal(15 / 3_600.0 * 0.05, runs[1].GetProperty("costPerRun").GetDouble(), 12);
    }

    private static async Task SettleAsync(S3ObjectStore store, string name, MediaKind kind, AnalysisSpending spent)
    {
        Ledger ledger = new(new AssetStores([store]), TimeProvider.System);
        AssetSource source = await store.UploadAsync(name, "x");
        await ledger.UpdateAsync(source, (entry, now) => entry.Begin(1, kind, "text/plain", 1, now).Complete(1, now, spent), Token);
    }

    private static async Task<JsonElement> AskAsync(IObjectStore store, InferenceRuntime runtime, double perProcessorHour)
    {
        await using FunctionsApp app = await FunctionsApp.StartAsync([typeof(CostFunction)], services =>
            services
                .AddSingleton(runtime)
                .AddSingleton(new LedgerViews(new AssetStores([store]), TimeProvider.System))
                .AddSingleton(new RunIndex([store], new RunIndexOptions(), TimeProvider.System, NullLogger<RunIndex>.Instance))
                .AddCosts(options => (options.PerProcessorHour, options.PerGpuHour) = (perProcessorHour, 2))
        );
        return await app.Client.GetFromJsonAsync<JsonElement>("api/cost", Token);
    }
}
