using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Imaging;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Media.Images;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions;

[Collection(nameof(PredictionApp))]
public sealed class PredictFunctionTests(PredictionApp app)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_ForAnEmbedder_GiveAVectorEach()
    {
        using HttpResponseMessage response = await app.PostAsync(
            $"api/predict/{app.NameOf("text-mean")}",
            """{"texts":["the engine","new york"]}"""
        );

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            (app.NameOf("text-mean"), 1, "stable", "prod", "embed"),
            (
                json.GetProperty("model").GetString(),
                json.GetProperty("version").GetInt32(),
                json.GetProperty("arm").GetString(),
                json.GetProperty("environment").GetString(),
                json.GetProperty("task").GetString()
            )
        );
        Assert.Equal(response.Headers.GetValues("X-Prediction-Id").Single(), json.GetProperty("predictionId").GetString());
        Assert.Equal([8, 8], json.GetProperty("embeddings").EnumerateArray().Select(vector => vector.GetArrayLength()));
        Assert.Equal(
            ["overhead", "queue", "input", "infer", "output", "total"],
            json.GetProperty("times").EnumerateObject().Select(time => time.Name)
        );
    }

    [Fact]
    public async Task Text_ForAnEntityModel_GivesSpansOfIt()
    {
        const string text = "Ada Lovelace met Charles Babbage in London .";
        JsonElement json = await PredictionApp.JsonOf(
            await app.PostAsync($"api/predict/{app.NameOf("entities")}", $$"""{"text":"{{text}}"}""")
        );

        Assert.Equal("entities", json.GetProperty("task").GetString());
        JsonElement[] entities = [.. json.GetProperty("entities")[0].EnumerateArray()];
        Assert.All(entities, entity =>
            Assert.Equal(
                text.Substring(entity.GetProperty("start").GetInt32(), entity.GetProperty("length").GetInt32()),
                entity.GetProperty("text").GetString()
            )
        );
    }

    [Fact]
    public async Task ImageBytes_ForAClassifier_GiveLabels()
    {
        using HttpResponseMessage response = await app.PostAsync(
            $"api/predict/{app.NameOf("labels")}",
            TestImages.Save("pngsave"),
            "image/png"
        );

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal("classify", json.GetProperty("task").GetString());
        double[] scores = [.. json.GetProperty("labels")[0].EnumerateArray().Select(label => label.GetProperty("score").GetDouble())];
        Assert.Equal(scores.OrderDescending(), scores);
    }

    [Theory]
    [InlineData("""{"asset":"ID"}"""), InlineData("""{"url":"/api/assets/ID"}"""), InlineData("""{"url":"HOSTapi/assets/ID"}""")]
    public async Task Asset_ByIdOrItsAddress_IsTheInput(string body)
    {
        AssetSource source = await AssetAsync();
        body = body.Replace("ID", source.AssetId).Replace("HOST", app.Client.BaseAddress!.ToString());

        using HttpResponseMessage response = await app.PostAsync($"api/predict/{app.NameOf("entities")}", body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Asset_ThatWasErased_Is410_AndOneThatNeverWas404()
    {
        AssetSource source = await AssetAsync();
        LedgerDocument document = (await app.Get<Ledger>().ReadAsync(source.Store, source.AssetId, Token))!;
        await app.Get<AssetErasure>().EraseAsync(document, "ana", Token);
        string path = $"api/predict/{app.NameOf("entities")}";

        using HttpResponseMessage erased = await app.PostAsync(path, JsonSerializer.Serialize(new { asset = source.AssetId }));
        using HttpResponseMessage never = await app.PostAsync(path, JsonSerializer.Serialize(new { asset = new string('a', 26) }));

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.NotFound), (erased.StatusCode, never.StatusCode));
    }

    /// <summary>Twelve calls about one text of 31 MB took 4 GB at once.</summary>
    [Fact]
    public async Task Asset_ThatIsAText_WaitsForMemory_UntilItsDeadline()
    {
        AssetSource source = await AssetAsync();
        DecodeBudget budget = app.Get<DecodeBudget>();
        string path = $"api/predict/{app.NameOf("entities")}";
        string body = JsonSerializer.Serialize(new { asset = source.AssetId });
        HttpStatusCode full;

        using (await budget.TakeAsync(budget.Total, Token))
        {
            using HttpResponseMessage late = await app.PostAsync(path, body, ("X-Deadline-Ms", "200"));
            full = late.StatusCode;
        }
        using HttpResponseMessage read = await app.PostAsync(path, body);

        Assert.Equal((HttpStatusCode.GatewayTimeout, HttpStatusCode.OK), (full, read.StatusCode));
        Assert.Equal(0, budget.Held);
    }

    [Theory]
    [InlineData("""{"url":"http://169.254.169.254/api/assets/ID"}""", "allowed is the address of an asset of this host")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "url is 'file:///etc/passwd'; allowed is the address of an asset of this host")]
    [InlineData("""{"url":"/api/assets/../runs"}""", "url is '/api/assets/../runs'; allowed is the address of an asset of this host")]
    [InlineData(
        """{"text":"a","texts":["b"]}""",
        "The request has 2 inputs; allowed is one of text, texts, query with documents, asset, url."
    )]
    [InlineData("""{}""", "The request has 0 inputs; allowed is one of text, texts, query with documents, asset, url.")]
    [InlineData("""{"query":"a"}""", "query and documents belong together; one of them is missing.")]
    [InlineData("""{"texts":[]}""", "texts is empty; at least one is needed.")]
    [InlineData("""{"texts":[null]}""", "The body cannot be read. texts[0] is null; expected is a value.")]
    [InlineData("""{"text":"Anna Berg \ud83d flew"}""", "The body cannot be read. text has half a character, such as half of an emoji")]
    [InlineData("""{"text":"a","top":0}""", "top is 0; allowed are 1 to 1000.")]
    [InlineData("""{"text":"a","temperature":1}""", "The body cannot be read. There is no member 'temperature' here")]
    [InlineData("""{"query":"a","documents":["b"]}""", "is for TokenClassification; the request is for Reranking")]
    public async Task Request_ThatCannotBe_Is400AndSaysWhy(string body, string message)
    {
        using HttpResponseMessage response = await app.PostAsync(
            $"api/predict/{app.NameOf("entities")}",
            body.Replace("ID", new string('a', 26))
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(message, (await PredictionApp.JsonOf(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_AreAnsweredWithBothNumbers()
    {
        string many = $$"""{"texts":[{{string.Join(',', Enumerable.Repeat("\"a\"", 257))}}]}""",
            @long = $$"""{"text":"{{new string('a', 100_001)}}"}""";

        foreach (
            (string body, string detail) in new[]
            {
                (many, "texts has 257 items; allowed are 256."),
                (@long, "texts[0] has 100,001 characters; allowed are 100,000."),
            }
        )
        {
            using HttpResponseMessage response = await app.PostAsync($"api/predict/{app.NameOf("entities")}", body);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Equal(detail, (await PredictionApp.JsonOf(response)).GetProperty("detail").GetString());
        }
    }

    [Theory]
    [InlineData("text/plain", "no picture", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("image/png", "no picture", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("image/png", "\u0089PNG\r\n\u001a\n and no more", HttpStatusCode.UnprocessableEntity)]
    public async Task Bytes_ThatAreNoPictureToRead_AreRefusedByTheirFault(string mediaType, string bytes, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await app.PostAsync(
            $"api/predict/{app.NameOf("labels")}",
            Encoding.Latin1.GetBytes(bytes),
            mediaType
        );

        Assert.Equal(expected, response.StatusCode);
    }

    private async Task<AssetSource> AssetAsync()
    {
        AzureObjectStore store = app.Get<AzureObjectStore>();
        AssetSource source = await store.UploadAsync(
            $"predict/{Guid.NewGuid():N}.txt",
            Encoding.UTF8.GetBytes("Ada Lovelace met Charles Babbage.")
        );
        await app.Get<Ledger>().UpdateAsync(source, (entry, _) => entry, Token);
        return source;
    }
}
