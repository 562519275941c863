using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Predictions that people have labelled become a version of a model that serves, and that says what it was made of.</summary>
public sealed class RetrainingTests(SharedStack shared)
{
    private const string Model = "desk";
    private const int OfEach = 40;
    private const int AtOnce = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task LabelledPredictions_TrainAVersion_ThatIsPromotedAndServes()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddMinutes(-1);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2 * OfEach),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
            async (i, cancellationToken) => await LabelAsync(i % 2 == 0 ? "sport" : "weather", i / 2, cancellationToken)
        );

        string promotion = await Eventually.HoldsAsync(() => RetrainAsync(from), "a promotion of what was trained", Limit, Cancellation);
        await Eventually.HoldsAsync(
            async () =>
                (await Http.GetStringAsync($"promotions/{promotion}", Cancellation)) is var status
                && status.Contains("\"verdict\":\"promoted\"", StringComparison.Ordinal)
                    ? status
                    : null,
            $"the end of {promotion}",
            Limit,
            Cancellation
        );
        JsonElement alias = await Http.GetFromJsonAsync<JsonElement>($"models/{Model}/aliases/dev", Cancellation);
        int version = alias.GetProperty("version").GetInt32();
        string lineage = await Http.GetStringAsync($"models/{Model}/versions/{version}/lineage", Cancellation);

        Assert.Contains("text-embedding", lineage, StringComparison.Ordinal);
        Assert.True(await SaysSportAsync("The striker scored in the final minute of the cup match."));
        Assert.False(await SaysSportAsync("Heavy rain and gale force winds are expected overnight."));
    }

    /// <summary>A prediction, and what somebody says that it is about.</summary>
    private async Task LabelAsync(string label, int i, CancellationToken cancellationToken)
    {
        string text =
            label == "sport"
                ? $"The team won match {i} by {i % 5} goals, and the striker scored in the cup final."
                : $"A storm brings {i} millimetres of rain, wind and clouds to the coast on day {i % 7}.";
        using HttpResponseMessage answered = await Http.PostAsJsonAsync("predict/text-embedding", new { text }, cancellationToken);
        JsonElement answer = await answered.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        string predictionId = answer.GetProperty("predictionId").GetString()!;
        using HttpResponseMessage told = await Http.PostAsJsonAsync("feedback", new { predictionId, label }, cancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, told.StatusCode);
    }

    /// <summary>The promotion that a retraining started; null where there are too few labelled rows yet, or none.</summary>
    private async Task<string?> RetrainAsync(DateTimeOffset from)
    {
        var asked = new
        {
            target = "dev",
            into = Model,
            seed = 1,
            export = new
            {
                model = "text-embedding",
                from,
                until = DateTimeOffset.UtcNow,
            },
        };
        using HttpContent body = JsonContent.Create(asked).RequestedBy("tests");
        using HttpResponseMessage started = await Http.PostAsync("retraining", body, Cancellation);
        if (started.StatusCode == HttpStatusCode.Conflict)
        {
            return null;
        }
        Assert.True(started.StatusCode == HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync(Cancellation));
        string ended = await Eventually.HoldsAsync(
            async () =>
                await Http.GetStringAsync(started.Headers.Location!.ToString()["/api/".Length..], Cancellation) is var run
                && JsonDocument.Parse(run).RootElement.TryGetProperty("output", out JsonElement output)
                    ? output.GetRawText()
                    : null,
            "the end of the retraining",
            Limit,
            Cancellation
        );
        return JsonDocument.Parse(ended).RootElement.TryGetProperty("Promotion", out JsonElement promotion) ? promotion.GetString() : null;
    }

    /// <summary>The vector of the embedding model goes into the trained head.</summary>
    private async Task<bool> SaysSportAsync(string text)
    {
        using HttpResponseMessage embedded = await Http.PostAsJsonAsync("predict/text-embedding", new { text }, Cancellation);
        float[] vector =
        [
            .. (await embedded.Content.ReadFromJsonAsync<JsonElement>(Cancellation))
                .GetProperty("embeddings")[0]
                .EnumerateArray()
                .Select(value => value.GetSingle()),
        ];
        JsonElement model = await Http.GetFromJsonAsync<JsonElement>($"v2/models/{Model}/versions/1", Cancellation);
        using HttpRequestMessage request = new(HttpMethod.Post, $"v2/models/{Model}/infer");
        request.Headers.Add("X-Environment", "dev");
        request.Content = JsonContent.Create(
            new
            {
                inputs = new[]
                {
                    new
                    {
                        name = model.GetProperty("inputs")[0].GetProperty("name").GetString(),
                        shape = new[] { 1, vector.Length },
                        datatype = "FP32",
                        data = vector,
                    },
                },
            }
        );
        using HttpResponseMessage answered = await Http.SendAsync(request, Cancellation);
        JsonElement answer = await answered.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(answered.IsSuccessStatusCode, answer.GetRawText());
        JsonElement shares = answer.GetProperty("outputs")[0].GetProperty("data");
        return shares[0].GetDouble() > shares[1].GetDouble(); // in the order of their names
    }
}
