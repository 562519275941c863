using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>samples/media through both stores: what <c>expected.json</c> says of each is found, whichever store it came from.</summary>
public sealed class SampleMediaTests(SharedStack shared)
{
    private const double CutToleranceSeconds = 0.3;

    private static readonly JsonElement Expected = ReadExpected();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files() =>
        new(Expected.GetProperty("assets").EnumerateArray().Select(asset => asset.GetProperty("file").GetString()!));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Sample_UploadedToBothStores_IsAnalysedAlike(string file)
    {
        JsonElement expected = Expected
            .GetProperty("assets")
            .EnumerateArray()
            .Single(asset => asset.GetProperty("file").GetString() == file);
        byte[] content = await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, file), Cancellation);
        List<AnalysisDocument> analyses = [];

        foreach (IObjectStore store in shared.Client.Stores)
        {
            AssetSource source = await PipelineClient.UploadAsync(store, "samples/" + file, content, Cancellation);
            analyses.Add(await Settled.AnalysisAsync(shared.Client, source, Cancellation));
        }

        Assert.All(analyses, analysis => AssertFindings(expected, analysis));
        Assert.Equal(analyses[0].Sha256, analyses[1].Sha256);
        Assert.Equal(analyses[0].Models, analyses[1].Models);
        Assert.Equal(Labels(analyses[0]), Labels(analyses[1]));
    }

    public static TheoryData<string, string> Searches() =>
        [
            .. Expected
                .GetProperty("searches")
                .EnumerateArray()
                .Select(s => (s.GetProperty("query").GetString()!, s.GetProperty("finds").GetString()!)),
        ];

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Search_ByWords_FindsTheText(string query, string file)
    {
        await UploadAsync(file);

        SearchAnswer answer = await shared.Client.SearchAsync(query, "text", 10, Cancellation);

        Assert.EndsWith(file, answer.Hits[0].Key, StringComparison.Ordinal);
        Assert.StartsWith("char=", answer.Hits[0].Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_ByPicture_FindsItAndTheShotThatLooksAlike()
    {
        byte[] picture = await UploadAsync("sunset-over-the-bay.jpg");
        await UploadAsync("coast-report.mp4");

        SearchAnswer answer = await shared.Client.SearchAsync(picture, 20, Cancellation);

        Assert.EndsWith("sunset-over-the-bay.jpg", answer.Hits[0].Key, StringComparison.Ordinal);
        Assert.Contains(answer.Hits, hit => hit.Kind == "video" && hit.Place.StartsWith("t=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Uploads_AreCounted_ByTheAppAndByItsWorker()
    {
        Uri app = new(shared.Client.Http.BaseAddress!, "metrics");
        await UploadAsync("coast-report.mp4");

        await ShowsAsync(
            [app],
            "serverless_ingest_arrivals_total{kind=\"video\",store=\"azure\"}",
            "serverless_ingest_settled_total{kind=\"video\",outcome=\"processed\",store=\"azure\"}",
            "serverless_orchestration_ended_total{name=\"IngestAsset\",state=\"completed\"}",
            "serverless_activity_duration_seconds_count{name=\"AdmitAsset\",outcome=\"ok\"}",
            "serverless_ingest_expected{store=\"azure\"}",
            "serverless_ingest_workers{}"
        );
        await ShowsAsync(
            shared.Stack.WorkerMetrics,
            "serverless_gpu_batch_jobs_total{kind=\"video\",outcome=\"analysed\"}",
            "serverless_gpu_batch_heartbeats_total{outcome=\"written\"}",
            "serverless_gpu_batch_busy_time_seconds_total{}",
            "serverless_model_processor_time_seconds_total{",
            "serverless_ingest_model_time_seconds_total{kind=\"video\"",
            "serverless_ingest_media_time_seconds_total{kind=\"video\"}"
        );
        JsonElement cost = await shared.Client.Http.GetFromJsonAsync<JsonElement>("cost", Cancellation);
        Assert.All(cost.GetProperty("models").EnumerateArray(), model => Assert.True(model.GetProperty("predictions").GetInt64() > 0));
    }

    /// <summary>Each of these series has a value above zero in the metrics of one of the processes.</summary>
    private async Task ShowsAsync(IEnumerable<Uri> processes, params string[] series)
    {
        foreach (string wanted in series)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    string[] metrics = await Task.WhenAll(processes.Select(one => shared.Client.Http.GetStringAsync(one, Cancellation)));
                    return metrics
                        .SelectMany(one => one.Split('\n'))
                        .FirstOrDefault(line =>
                            line.StartsWith(wanted, StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)
                        );
                },
                $"{wanted} in the metrics",
                TimeSpan.FromSeconds(60),
                Cancellation
            );
        }
    }

    private async Task<byte[]> UploadAsync(string file)
    {
        byte[] content = await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, file), Cancellation);
        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Azure, "searched/" + file, content, Cancellation);
        await Settled.AnalysisAsync(shared.Client, source, Cancellation);
        return content;
    }

    private static void AssertFindings(JsonElement expected, AnalysisDocument analysis)
    {
        Assert.Equal(expected.GetProperty("kind").GetString(), analysis.Kind.ToString(), ignoreCase: true);
        Assert.Equal(expected.GetProperty("mediaType").GetString(), analysis.MediaType);
        Assert.NotEmpty(analysis.Models);
        if (expected.TryGetProperty("label", out JsonElement label))
        {
            Assert.Contains(analysis.Image!.Labels.Take(3), found => found.Label == label.GetString());
        }
        if (analysis.Image is { } image)
        {
            Assert.Equal(
                (expected.GetProperty("width").GetInt32(), expected.GetProperty("height").GetInt32()),
                (image.Width, image.Height)
            );
        }
        if (analysis.Text is { } text)
        {
            Assert.NotEmpty(text.Passages);
        }
        if (analysis.Video is { } video)
        {
            AssertCuts(expected, video);
        }
    }

    private static void AssertCuts(JsonElement expected, VideoFindings video)
    {
        double[] cuts = [.. expected.GetProperty("cuts").EnumerateArray().Select(cut => cut.GetDouble())];
        double[] found = [.. video.Shots.Skip(1).Select(shot => shot.StartSeconds)];
        // A fade has no one moment of change.
        double tolerance = expected.GetProperty("joined").GetString() == "cut" ? CutToleranceSeconds : 1.0;
        Assert.Equal(cuts.Length, found.Length);
        Assert.All(cuts.Zip(found), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
        Assert.Equal(expected.GetProperty("audio").GetBoolean(), video.Audio is not null);
    }

    private static IEnumerable<string> Labels(AnalysisDocument analysis) =>
        analysis.Image?.Labels.Select(label => label.Label) ?? analysis.Video?.Shots.Select(shot => shot.Labels[0].Label) ?? [];

    private static JsonElement ReadExpected()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Checkout.SamplesMedia, "expected.json")));
        return document.RootElement.Clone();
    }
}
