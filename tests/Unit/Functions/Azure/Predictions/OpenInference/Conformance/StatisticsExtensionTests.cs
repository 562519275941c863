using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>Triton's statistics extension, docs/protocol/extension_statistics.md.</summary>
[Collection(nameof(PredictionApp))]
public sealed class StatisticsExtensionTests(PredictionApp app)
{
    private const string ThreeRows =
        """{"inputs":[{"name":"a","shape":[3,4],"datatype":"FP32","data":[1,2,3,4,1,2,3,4,1,2,3,4]},{"name":"b","shape":[3,4],"datatype":"FP32","data":[1,2,3,4,1,2,3,4,1,2,3,4]}]}""";

    [Fact]
    public async Task Model_CountsRequestsRowsAndRuns()
    {
        string model = await app.ServeAsync("tensors-sums", app.NameOf("counted"));
        Assert.Equal("[]", (await StatsAsync($"v2/models/{model}/stats")).GetRawText());
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"v2/models/{model}/infer", ThreeRows)).StatusCode);
        }
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await app.PostAsync($"v2/models/{model}/infer", ThreeRows.Replace("FP32", "FP64"))).StatusCode
        );

        JsonElement stats = Assert.Single((await StatsAsync($"v2/models/{model}/stats")).EnumerateArray());

        Assert.Equal((model, "1"), (stats.GetProperty("name").GetString(), stats.GetProperty("version").GetString()));
        Assert.Equal((6, 2), (stats.GetProperty("inference_count").GetInt32(), stats.GetProperty("execution_count").GetInt32()));
        Assert.InRange(
            DateTimeOffset.FromUnixTimeMilliseconds(stats.GetProperty("last_inference").GetInt64()),
            TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1),
            TimeProvider.System.GetUtcNow()
        );
        JsonElement requests = stats.GetProperty("inference_stats");
        Assert.Equal(
            ["success 2", "fail 1", "queue 2", "compute_input 2", "compute_infer 2", "compute_output 2"],
            requests.EnumerateObject().Select(part => $"{part.Name} {part.Value.GetProperty("count").GetInt32()}")
        );
        long[] parts =
        [
            .. new[] { "queue", "compute_input", "compute_infer", "compute_output" }.Select(name => Nanoseconds(requests, name)),
        ];
        Assert.InRange(Nanoseconds(requests, "compute_infer"), 1, long.MaxValue);
        Assert.InRange(Nanoseconds(requests, "success"), parts.Sum(), long.MaxValue);
        JsonElement batch = Assert.Single(stats.GetProperty("batch_stats").EnumerateArray());
        Assert.Equal(
            (3, 2),
            (batch.GetProperty("batch_size").GetInt32(), batch.GetProperty("compute_infer").GetProperty("count").GetInt32())
        );
    }

    [Fact]
    public async Task AllModels_AndOneVersion_AreTheSameStatistics()
    {
        string model = await app.ServeAsync("tensors-sums", app.NameOf("counted-once"));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"v2/models/{model}/infer", ThreeRows)).StatusCode);

        JsonElement version = Assert.Single((await StatsAsync($"v2/models/{model}/versions/1/stats")).EnumerateArray());
        JsonElement[] all = [.. (await StatsAsync("v2/models/stats")).EnumerateArray()];

        Assert.Equal(version.GetRawText(), all.Single(each => each.GetProperty("name").GetString() == model).GetRawText());
    }

    [Theory]
    [InlineData("v2/models/nobody/stats"), InlineData("v2/models/SUMS/versions/77/stats"), InlineData("v2/models/SUMS/versions/x/stats")]
    public async Task Model_ThatIsNotThere_Is404(string path)
    {
        using HttpResponseMessage response = await app.Client.GetAsync(path.Replace("SUMS", app.NameOf("tensors-sums")));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotEmpty((await PredictionApp.JsonOf(response)).GetProperty("error").GetString()!);
    }

    private async Task<JsonElement> StatsAsync(string path) =>
        (await PredictionApp.JsonOf(await app.Client.GetAsync(path))).GetProperty("model_stats");

    private static long Nanoseconds(JsonElement requests, string part) => requests.GetProperty(part).GetProperty("ns").GetInt64();
}
