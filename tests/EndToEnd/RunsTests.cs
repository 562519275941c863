using System.Net;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The list of runs through HTTP, of runs that the real host took the turns of.</summary>
public sealed class RunsTests(SharedStack shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_OfUploads_AreFoundByWhatTheyAreAbout_PageByPage()
    {
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(shared.Client, 6, Cancellation);
        foreach (AssetSource upload in uploads)
        {
            await Settled.AnalysisAsync(shared.Client, upload, Cancellation);
        }
        // Those to S3 are analysed by a Lambda function, without a run.
        AssetSource[] ran = [.. uploads.Where(upload => upload.Store == "azure")];
        string[] expected = [.. ran.Select(upload => upload.InstanceId())];
        const string Filter = "runs?name=IngestAsset&text=texts/report-&status=completed&within=1h&sort=duration&limit=2";
        foreach (AssetSource upload in ran)
        {
            // A run goes on for a moment after its analysis is there, and other tests upload such texts, too.
            await Eventually.HoldsAsync(
                async () => Items(await ReadAsync($"runs?{TagOf(upload)}&status=completed")).Length > 0 ? "listed" : null,
                $"The run of {upload.Key} is listed as completed",
                Limit,
                Cancellation
            );
        }

        List<string?> found = [];
        string? next = "";
        while (next is not null)
        {
            JsonElement page = await ReadAsync(next.Length == 0 ? Filter : $"{Filter}&after={next}");
            next = page.TryGetProperty("next", out JsonElement token) ? token.GetString() : null;
            Assert.True(next is null || Items(page).Length == 2);
            found.AddRange(Items(page).Select(run => run.GetProperty("id").GetString()));
        }

        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Empty(expected.Except(found));
        AssetSource one = ran[0];
        JsonElement tagged = await ReadAsync($"runs?{TagOf(one)}");
        Assert.Contains(Items(tagged), run => run.GetProperty("id").GetString() == one.InstanceId());
        JsonElement summary = await ReadAsync("runs/summary?name=IngestAsset&text=texts/report-&within=1h");
        Assert.True(summary.GetProperty("outcomes").GetProperty("processed").GetInt32() >= expected.Length);
    }

    [Fact]
    public async Task ARun_ShowsItsHistory_InParts_AndItsPayloads()
    {
        AssetSource upload = (await Uploads.TextsAsync(shared.Client, 1, Cancellation))[0];
        await Settled.AnalysisAsync(shared.Client, upload, Cancellation);
        string run = $"runs/{upload.InstanceId()}";

        JsonElement part = await ReadAsync($"{run}?limit=2");
        JsonElement rest = await ReadAsync($"{run}?after={part.GetProperty("next").GetInt32()}");
        JsonElement input = await ReadAsync($"{run}/payloads/input");

        Assert.Equal(2, part.GetProperty("history").GetArrayLength());
        Assert.Contains(rest.GetProperty("history").EnumerateArray(), happened =>
            happened.TryGetProperty("name", out JsonElement name) && name.GetString() == "AdmitAsset"
        );
        Assert.Equal(upload.Key, input.GetProperty("Source").GetProperty("Key").GetString());
    }

    /// <summary>By it the job is sent again or cancelled: hosts keep of an activity what it answered, but not what it was asked.</summary>
    [Fact]
    public async Task TheRunOfAFilm_HasTheJobThatItSent_InItsHistory()
    {
        byte[] film = await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, "harbour-long-take.mp4"), Cancellation);
        AssetSource upload = await PipelineClient.UploadAsync(shared.Client.Azure, "films/its-job.mp4", film, Cancellation);
        await Settled.AnalysisAsync(shared.Client, upload, Cancellation);

        JsonElement run = await ReadAsync($"runs/{upload.InstanceId()}");
        JsonElement[] history = [.. run.GetProperty("history").EnumerateArray()];
        JsonElement asked = history.Single(happened =>
            happened.TryGetProperty("name", out JsonElement name) && name.ValueEquals("EnqueueGpuJob")
        );
        JsonElement answered = history.Single(happened =>
            happened.TryGetProperty("scheduled", out JsonElement of) && of.GetInt32() == asked.GetProperty("id").GetInt32()
        );

        Assert.Equal(upload.InstanceId(), answered.GetProperty("result").GetProperty("JobId").GetString());
    }

    [Theory]
    [InlineData("runs/no-such-run", HttpStatusCode.NotFound, "There is no run 'no-such-run'.")]
    [InlineData("runs/a%2Fb%25", HttpStatusCode.NotFound, "There is no run 'a/b%'.")]
    [InlineData("runs/a%0Ab", HttpStatusCode.BadRequest, "control character U+000A")]
    [InlineData("runs?after=forged", HttpStatusCode.BadRequest, "allowed is the value of 'next'")]
    [InlineData("runs?status=done", HttpStatusCode.BadRequest, "allowed are pending, running")]
    public async Task BadInput_IsNamed_WithWhatIsAllowed(string path, HttpStatusCode status, string problem)
    {
        using HttpResponseMessage response = await shared.Client.Http.GetAsync(path, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(problem, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIdOf1000Characters_IsRefused()
    {
        using HttpResponseMessage response = await shared.Client.Http.GetAsync($"runs/{new string('a', 1_000)}", Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static string TagOf(AssetSource source) => $"tag=asset:{source.Store}:{source.Container}/{source.Key}";

    private static JsonElement[] Items(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    private async Task<JsonElement> ReadAsync(string path) =>
        JsonDocument.Parse(await shared.Client.Http.GetStringAsync(path, Cancellation)).RootElement;
}
