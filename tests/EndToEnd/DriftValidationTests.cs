using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// A version that was good on its golden set answers what people then report as wrong, in a file: the check against the validation says so.
/// </summary>
public sealed class DriftValidationTests(SharedStack shared)
{
    private const string Model = "validated-texts";
    private const int Items = 150;
    private const int AtOnce = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset From = HourOf(DateTimeOffset.UtcNow);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task Answers_ThatPeopleReportAsWrong_AreWorseThanTheValidation()
    {
        await RegisterAsync();
        await StoreGoldenAsync();
        await ValidateAsync();
        IReadOnlyList<string> ids = await PredictAsync();

        JsonElement file = await ReportAsync([.. ids.Select(WrongLabelOf), """{"predictionId":"nobody's","label":"sport"}"""]);
        JsonElement report = await CheckAsync();

        Assert.Equal((Items, 1), (file.GetProperty("taken").GetInt32(), file.GetProperty("rejected").GetInt32()));
        JsonElement fault = file.GetProperty("faults")[0];
        Assert.Equal(Items + 1, fault.GetProperty("line").GetInt32());
        Assert.Contains("nobody's", fault.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal(Items, report.GetProperty("reference").GetProperty("answered").GetInt32());
        JsonElement quality = report.GetProperty("quality");
        Assert.Equal(("worse", "accuracy"), (Text(quality, "verdict"), Text(quality.GetProperty("validated"), "metric")));
        Assert.Equal(1, quality.GetProperty("validated").GetProperty("value").GetProperty("value").GetDouble());
        Assert.Equal(0, quality.GetProperty("found").GetProperty("value").GetDouble());
        Assert.DoesNotContain(report.GetProperty("findings").EnumerateArray(), finding => Text(finding, "feature") == "source");
        string alerts = await Http.GetStringAsync("alerts?state=open&limit=200", Cancellation);
        Assert.Contains("0% of the labelled answers are right", alerts, StringComparison.Ordinal);
    }

    private async Task RegisterAsync()
    {
        using MemoryStream archive = new();
        ZipFile.CreateFromDirectory(Path.Combine(Checkout.Root, "tests/Data/candidates/sound/1"), archive);
        using ByteArrayContent content = new(archive.ToArray()) { Headers = { ContentType = new("application/zip") } };
        using HttpResponseMessage registered = await Http.PostAsync($"models/{Model}/versions", content.RequestedBy("tests"), Cancellation);
        Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync(Cancellation));
        using HttpResponseMessage served = await Http.PutAsync(
            $"models/{Model}/aliases/prod",
            JsonContent.Create(new { version = 1 }).RequestedBy("tests"),
            Cancellation
        );
        served.EnsureSuccessStatusCode();
    }

    private async Task StoreGoldenAsync()
    {
        string lines = string.Concat(
            Enumerable
                .Range(0, Items)
                .Select(i =>
                    JsonSerializer.Serialize(
                        new
                        {
                            id = $"item-{i}",
                            text = TextOf(i),
                            label = LabelOf(i),
                        }
                    ) + "\n"
                )
        );
        using ByteArrayContent body = new(Encoding.UTF8.GetBytes(lines))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/jsonl") },
        };
        using HttpResponseMessage stored = await Http.PostAsync(
            $"golden/models/{Model}?environment=prod",
            body.RequestedBy("tests"),
            Cancellation
        );
        Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task ValidateAsync()
    {
        using HttpResponseMessage started = await Http.PostAsync(
            $"models/{Model}/versions/1/validate?environment=prod",
            null,
            Cancellation
        );
        JsonElement run = await started.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        await Eventually.HoldsAsync(
            async () =>
                Text(await Http.GetFromJsonAsync<JsonElement>(run.GetProperty("run").GetString()!, Cancellation), "status") == "completed"
                    ? "ended"
                    : null,
            "the end of the validation",
            Limit,
            Cancellation
        );
    }

    /// <summary>The ids of the answers, in the order of the items.</summary>
    private async Task<IReadOnlyList<string>> PredictAsync()
    {
        string[] ids = new string[Items];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Items),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
            async (i, cancellationToken) =>
            {
                using HttpResponseMessage answered = await Http.PostAsJsonAsync(
                    $"predict/{Model}",
                    new { text = TextOf(i) },
                    cancellationToken
                );
                JsonElement answer = await answered.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
                ids[i] = Text(answer, "predictionId")!;
            }
        );
        return ids;
    }

    private static string WrongLabelOf(string id, int i) => JsonSerializer.Serialize(new { predictionId = id, label = LabelOf(i + 1) });

    /// <summary>What came of a file with these lines.</summary>
    private async Task<JsonElement> ReportAsync(IReadOnlyList<string> lines)
    {
        using HttpResponseMessage created = await Http.PostAsync("feedback/files/reported-as-wrong", null, Cancellation);
        JsonElement upload = await created.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(created.StatusCode == HttpStatusCode.Created, upload.GetRawText());
        using HttpClient outside = new();
        using HttpRequestMessage put = new(new HttpMethod(Text(upload, "method")!), Text(upload, "address"));
        put.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        foreach (JsonProperty header in upload.GetProperty("headers").EnumerateObject())
        {
            put.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        }
        using HttpResponseMessage stored = await outside.SendAsync(put, Cancellation);
        stored.EnsureSuccessStatusCode();
        string found = await Eventually.HoldsAsync(
            async () =>
                (await Http.GetFromJsonAsync<JsonElement>("feedback/files", Cancellation))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Where(file => Text(file, "name") == "reported-as-wrong.jsonl")
                    .Select(file => file.GetRawText())
                    .FirstOrDefault(),
            "the file to be taken",
            Limit,
            Cancellation
        );
        return JsonDocument.Parse(found).RootElement;
    }

    /// <summary>The report of the first check that sees all that was sent.</summary>
    private async Task<JsonElement> CheckAsync()
    {
        string report = await Eventually.HoldsAsync(
            async () =>
            {
                using HttpResponseMessage started = await Http.PostAsJsonAsync(
                    "drift/checks",
                    new
                    {
                        model = Model,
                        from = From,
                        until = HourOf(DateTimeOffset.UtcNow).AddHours(1),
                        reference = "validation",
                        followUp = true,
                    },
                    Cancellation
                );
                string address = started.Headers.Location!.ToString()["/api/".Length..];
                string found = await Eventually.HoldsAsync(
                    async () =>
                        await Http.GetFromJsonAsync<JsonElement>(address, Cancellation) is var run && Text(run, "stage") == "completed"
                            ? Text(run, "report")
                            : null,
                    $"the end of {address}",
                    Limit,
                    Cancellation
                );
                string body = await Http.GetStringAsync(found["/api/".Length..], Cancellation);
                JsonElement current = JsonDocument.Parse(body).RootElement.GetProperty("current");
                return
                    current.GetProperty("answered").GetInt32() == Items
                    && current.GetProperty("quality").GetProperty("labelled").GetInt32() == Items
                    ? body
                    : null;
            },
            $"a check of {Items} labelled predictions",
            Limit,
            Cancellation
        );
        return JsonDocument.Parse(report).RootElement;
    }

    private static string TextOf(int i) => i % 2 == 0 ? "the goal today" : "a law in the senate";

    private static string LabelOf(int i) => i % 2 == 0 ? "sport" : "politics";

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static DateTimeOffset HourOf(DateTimeOffset time) =>
        new(time.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
}
