using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Parquet;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// The sample models asked over HTTP in the running system: typed answers, feedback, captures, metrics and the description.
/// </summary>
public sealed class PredictionTests(SharedStack shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Theory]
    [
        InlineData("entities", "entities", "entities"),
        InlineData("text-embedding", "embed", "embeddings"),
        InlineData("text-image", "embed", "embeddings"),
        InlineData("topics", "classify", "labels")
    ]
    public async Task Text_IsAnsweredByItsModel(string model, string task, string results)
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync(
            $"predict/{model}",
            new { text = "Maria Keller visited Port Alder in May." },
            Cancellation
        );

        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(
            (HttpStatusCode.OK, task, "stable"),
            (response.StatusCode, answer.GetProperty("task").GetString(), answer.GetProperty("arm").GetString())
        );
        Assert.True(answer.GetProperty(results)[0].GetArrayLength() > 0);
    }

    [Theory]
    [
        InlineData("image-labels", "classify", "labels"),
        InlineData("image-embedding", "embed", "embeddings"),
        InlineData("text-image", "embed", "embeddings"),
        InlineData("things", "detect", "objects")
    ]
    public async Task Picture_IsAnsweredByItsModel(string model, string task, string results)
    {
        using ByteArrayContent picture = new(
            await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, "washed-ashore.jpg"), Cancellation)
        );
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using HttpResponseMessage response = await Http.PostAsync($"predict/{model}", picture, Cancellation);

        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((HttpStatusCode.OK, task), (response.StatusCode, answer.GetProperty("task").GetString()));
        Assert.True(answer.GetProperty(results)[0].GetArrayLength() > 0);
    }

    [Fact]
    public async Task Documents_AreOrdered_TheBestFirst()
    {
        var question = new
        {
            query = "football cup final",
            documents = new[] { "The harvest was poor.", "The cup final went to penalties.", "The train was late." },
            top_n = 2,
        };
        using HttpResponseMessage response = await Http.PostAsJsonAsync("predict/reranker", question, Cancellation);

        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((HttpStatusCode.OK, "rerank"), (response.StatusCode, answer.GetProperty("task").GetString()));
        Assert.Equal(
            (2, 1),
            (answer.GetProperty("results").GetArrayLength(), answer.GetProperty("results")[0].GetProperty("index").GetInt32())
        );
    }

    /// <summary>An upload's own id is enough to have any model look at it.</summary>
    [Fact]
    public async Task Asset_IsAnsweredByItsId()
    {
        using StringContent text = new("Maria Keller visited Port Alder in May.");
        using HttpResponseMessage uploaded = await Http.PostAsync("assets?name=predicted.txt", text, Cancellation);
        string asset = (await uploaded.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("asset").GetString()!;

        using HttpResponseMessage answer = await Eventually.HoldsAsync(
            async () =>
                await Http.PostAsJsonAsync("predict/entities", new { asset }, Cancellation)
                    is { StatusCode: not HttpStatusCode.NotFound } known
                    ? known
                    : null,
            "the upload's event in the ledger",
            TimeSpan.FromMinutes(1),
            Cancellation
        );

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Answer_TakesFeedback_AndShowsInTheMetrics()
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync("predict/entities", new { text = "Oslo" }, Cancellation);
        string id = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("predictionId").GetString()!;
        using HttpResponseMessage feedback = await Http.PostAsJsonAsync("feedback", new { predictionId = id, value = 1 }, Cancellation);

        string metrics = await Http.GetStringAsync("metrics", Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, feedback.StatusCode);
        Assert.Contains(
            "predictions_requests_total{arm=\"stable\",environment=\"prod\",model=\"entities\",status=\"200\",version=\"1\"}",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains("serving_batch_items_bucket{model=\"entities\",version=\"1\"", metrics, StringComparison.Ordinal);
        foreach (string part in new[] { "overhead", "queue", "input", "infer", "output" })
        {
            Assert.Contains($"part=\"{part}\"", metrics, StringComparison.Ordinal);
        }
        Assert.Contains("captures_settled_total{kind=\"prediction\",outcome=\"captured\"}", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_AndItsFeedback_AreExported()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddMinutes(-1);
        using HttpResponseMessage response = await Http.PostAsJsonAsync("predict/topics", new { text = "The cup final." }, Cancellation);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        string id = answer.GetProperty("predictionId").GetString()!,
            label = answer.GetProperty("labels")[0][0].GetProperty("label").GetString()!;
        using HttpResponseMessage feedback = await Http.PostAsJsonAsync("feedback", new { predictionId = id, label }, Cancellation);

        string export = await Eventually.HoldsAsync(() => ExportAsync(from, id), "the prediction in an export", Limit, Cancellation);

        JsonElement card = await Http.GetFromJsonAsync<JsonElement>(export, Cancellation);
        byte[] data = await Http.GetByteArrayAsync($"{export}/data", Cancellation);
        await using ParquetReader reader = await ParquetReader.CreateAsync(new MemoryStream(data), cancellationToken: Cancellation);
        IReadOnlyList<string?> ids = await ReadTextsAsync(reader, "prediction_id"),
            targets = await ReadTextsAsync(reader, "target");
        Assert.Equal(label, targets[ids.ToList().IndexOf(id)]);
        Assert.Equal(card.GetProperty("rows").GetInt32(), ids.Count);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data)), card.GetProperty("sha256").GetString());
    }

    /// <summary>Where the protocol's clients look, and below /api like all else.</summary>
    [Theory]
    [InlineData("v2"), InlineData("api/v2")]
    public async Task Protocol_IsSpokenAtTheRoot_AndBelowApi(string root)
    {
        using HttpClient stranger = new() { BaseAddress = shared.Stack.FunctionsAddress };
        using HttpResponseMessage live = await stranger.GetAsync($"{root}/health/live", Cancellation);
        using HttpResponseMessage refused = await stranger.GetAsync($"{root}/models/entities", Cancellation);
        using HttpResponseMessage missing = await Http.GetAsync(
            new Uri(shared.Stack.FunctionsAddress, $"{root}/models/nobody"),
            Cancellation
        );
        JsonElement model = await Http.GetFromJsonAsync<JsonElement>(
            new Uri(shared.Stack.FunctionsAddress, $"{root}/models/entities"),
            Cancellation
        );

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound),
            (live.StatusCode, refused.StatusCode, missing.StatusCode)
        );
        Assert.Equal("entities", model.GetProperty("name").GetString());
        Assert.True((await missing.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).TryGetProperty("error", out _));
    }

    [Fact]
    public async Task LargeAnswers_AreCompressed_ForThoseWhoAsk()
    {
        using HttpClient stranger = new() { BaseAddress = shared.Stack.FunctionsAddress };
        stranger.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");

        using HttpResponseMessage large = await stranger.GetAsync("api/openapi.json", Cancellation);
        using HttpResponseMessage small = await stranger.GetAsync("v2/health/live", Cancellation);

        Assert.Equal(["gzip"], large.Content.Headers.ContentEncoding);
        Assert.Empty(small.Content.Headers.ContentEncoding);
        using GZipStream inflating = new(await large.Content.ReadAsStreamAsync(Cancellation), CompressionMode.Decompress);
        Assert.Equal(
            "3.1.1",
            (await JsonDocument.ParseAsync(inflating, default, Cancellation)).RootElement.GetProperty("openapi").GetString()
        );
    }

    [Fact]
    public async Task Description_IsServed_WithoutAKey()
    {
        using HttpClient stranger = new();
        JsonElement description = await stranger.GetFromJsonAsync<JsonElement>(
            new Uri(shared.Stack.FunctionsAddress, "api/openapi.json"),
            Cancellation
        );

        Assert.True(description.GetProperty("paths").TryGetProperty("/api/predict/{model}", out _));
    }

    /// <summary>The address of an export that has the prediction; null where it is not captured yet.</summary>
    private async Task<string?> ExportAsync(DateTimeOffset from, string id)
    {
        var asked = new
        {
            model = "topics",
            from,
            until = DateTimeOffset.UtcNow,
            filters = new { labelled = true },
        };
        using HttpContent body = JsonContent.Create(asked).RequestedBy("test");
        using HttpResponseMessage started = await Http.PostAsync("exports", body, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        string version = await Eventually.HoldsAsync(
            async () =>
                await Http.GetFromJsonAsync<JsonElement>(started.Headers.Location, Cancellation) is var run
                && run.TryGetProperty("output", out JsonElement output)
                    ? output.GetProperty("Version").GetString()
                    : null,
            "the end of the export",
            Limit,
            Cancellation
        );
        string export = $"exports/topics/{version}";
        byte[] data = await Http.GetByteArrayAsync($"{export}/data", Cancellation);
        await using ParquetReader reader = await ParquetReader.CreateAsync(new MemoryStream(data), cancellationToken: Cancellation);
        return (await ReadTextsAsync(reader, "prediction_id")).Contains(id) ? export : null;
    }

    private static async Task<IReadOnlyList<string?>> ReadTextsAsync(ParquetReader reader, string column)
    {
        List<string?> texts = [];
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            string?[] values = new string?[group.RowCount];
            await group.ReadAsync(reader.Schema.FindDataField(column), values.AsMemory(), cancellationToken: Cancellation);
            texts.AddRange(values);
        }
        return texts;
    }
}
