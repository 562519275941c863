using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Normal traffic raises no alarm; shifted texts and pictures raise one that says what shifted, and opens an alert.</summary>
public sealed class DriftTests(SharedStack shared)
{
    private const string Texts = "drifting-texts";
    private const string Pictures = "drifting-pictures";
    private const int Predictions = 150;
    private const int AtOnce = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset From = HourOf(DateTimeOffset.UtcNow);
    private static readonly string[] Words =
    [
        "harbour",
        "storm",
        "minister",
        "final",
        "train",
        "harvest",
        "strike",
        "museum",
        "river",
        "goal",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task Drift_OfTextsAndPictures_AlarmsWhenTheyShift_AndNotBefore()
    {
        await RegisterAsync(Texts, "topics");
        await ServeAsync(Texts);
        await RegisterAsync(Texts, "topics", note: "The same, packed again: version 2, which serves nobody.");
        await RegisterAsync(Pictures, "image-labels");
        await ServeAsync(Pictures);
        Random random = new(1);
        await SendAsync(random, shifted: false);
        await PinAsync(Texts);
        await PinAsync(Pictures);

        await SendAsync(random, shifted: false);
        foreach (string model in (string[])[Texts, Pictures])
        {
            JsonElement steady = await CheckAsync(model, 2 * Predictions);
            Assert.True(Text(steady, "verdict") == "steady", steady.GetRawText());
        }
        Assert.DoesNotContain(await AlertsAsync(), subject => subject.StartsWith("drifting", StringComparison.Ordinal));

        await SendAsync(random, shifted: true);
        await SendAsync(random, shifted: true);
        JsonElement texts = await CheckAsync(Texts, 4 * Predictions),
            pictures = await CheckAsync(Pictures, 4 * Predictions);

        JsonElement length = Alarm(texts, "all", "input.length");
        Assert.True(length.GetProperty("effect").GetDouble() > length.GetProperty("effectLimit").GetDouble());
        Assert.Contains($"{Texts}.1.prod.", length.GetProperty("examples")[0].GetString(), StringComparison.Ordinal);
        Alarm(texts, "all", "parameters.desk");
        Alarm(texts, "all", "language");
        Alarm(pictures, "all", "input.brightness");
        Assert.Equal(
            [$"{Pictures}/1 in prod", $"{Texts}/1 in prod"],
            (await AlertsAsync()).Where(subject => subject.StartsWith("drifting", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
        await AssertFollowedAsync(texts);
    }

    [Fact]
    public async Task Backfill_OfPastWindows_ChecksEach()
    {
        using HttpResponseMessage started = await Http.PostAsJsonAsync(
            "drift/backfills",
            new
            {
                model = "topics",
                from = From.AddHours(-3),
                until = From,
                windowHours = 1,
                reference = "previous",
                ratePerMinute = 6_000,
            },
            Cancellation
        );
        string body = await started.Content.ReadAsStringAsync(Cancellation);
        Assert.True(started.StatusCode == HttpStatusCode.Accepted, body);
        await Eventually.HoldsAsync(
            async () =>
                await Http.GetStringAsync(started.Headers.Location!.ToString()["/api/".Length..], Cancellation) is var run
                && run.Contains("\"stage\":\"completed\",\"windows\":3", StringComparison.Ordinal)
                    ? run
                    : null,
            "three windows",
            Limit,
            Cancellation
        );

        string reports = await Http.GetStringAsync("drift/prod/topics/1/reports", Cancellation);

        Assert.Contains($"{From.AddHours(-2):yyyyMMdd'T'HH}-1h-previous", reports, StringComparison.Ordinal);
    }

    [Theory]
    [
        InlineData("""{"model":"none"}""", 404, "Nothing serves 'none' in prod"),
        InlineData("""{"model":"topics","version":99}""", 404, "has no version 99"),
        InlineData("""{"model":"topics","environment":"moon"}""", 400, "environment is 'moon'"),
        InlineData("""{"model":"topics","from":"2026-01-01T00:30:00Z","until":"2026-01-01T02:00:00Z"}""", 400, "expected are full hours"),
        InlineData("""{"model":"topics","from":"2026-01-01T00:00:00Z"}""", 400, "one of them is missing"),
        InlineData("""{"model":"topics","from":"2126-01-01T00:00:00Z","until":"2126-01-01T01:00:00Z"}""", 400, "the end of this hour"),
        InlineData("""{"model":"topics","reference":"moon"}""", 400, "reference"),
        InlineData("""{"model":"../x"}""", 400, "../x")
    ]
    public async Task Check_ThatCannotBeMade_SaysWhatIsAllowed(string body, int status, string detail)
    {
        using StringContent content = new(body, MediaTypeHeaderValue.Parse("application/json"));
        using HttpResponseMessage response = await Http.PostAsync("drift/checks", content, Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(detail, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>
    /// People are told, and a newer version gets copies of the traffic: by this check, or by one before it that saw fewer predictions. The
    /// history says so. No version is trained, since nobody has labelled anything.
    /// </summary>
    private async Task AssertFollowedAsync(JsonElement report)
    {
        JsonElement[] decisions = [.. report.GetProperty("decisions").EnumerateArray()];
        Assert.Equal(["alert", "retrain", "openShadow"], decisions.Select(decision => Text(decision, "action")));
        Assert.All(decisions, decision =>
            Assert.True(
                decision.GetProperty("done").GetBoolean()
                    || Text(decision, "reason")!.Contains("(Drift:CoolDown)", StringComparison.Ordinal)
                    || Text(decision, "action") == "retrain",
                decision.GetRawText()
            )
        );
        JsonElement retrain = Assert.Single(decisions, decision => Text(decision, "action") == "retrain");
        Assert.False(retrain.GetProperty("done").GetBoolean());
        Assert.StartsWith("Nobody has labelled a captured prediction", Text(retrain, "reason"), StringComparison.Ordinal);
        string history = await Http.GetStringAsync($"models/{Texts}/history?environment=prod", Cancellation);
        Assert.Contains("Version 2 gets copies of the traffic.", history, StringComparison.Ordinal);
    }

    private async Task RegisterAsync(string name, string sample, string? note = null)
    {
        using MemoryStream archive = new();
        ZipFile.CreateFromDirectory(Path.Combine(Checkout.Root, "samples/models", sample), archive);
        if (note is not null)
        {
            using ZipArchive packed = new(archive, ZipArchiveMode.Update, leaveOpen: true);
            using StreamWriter readme = new(packed.CreateEntry("1/note.txt").Open());
            readme.Write(note);
        }
        using ByteArrayContent content = new(archive.ToArray()) { Headers = { ContentType = new("application/zip") } };
        using HttpResponseMessage registered = await Http.PostAsync($"models/{name}/versions", content.RequestedBy("tests"), Cancellation);
        registered.EnsureSuccessStatusCode();
    }

    private async Task ServeAsync(string name)
    {
        using HttpResponseMessage served = await Http.PutAsync(
            $"models/{name}/aliases/prod",
            JsonContent.Create(new { version = 1 }).RequestedBy("tests"),
            Cancellation
        );
        served.EnsureSuccessStatusCode();
    }

    private async Task SendAsync(Random random, bool shifted)
    {
        byte[] normal = await PictureAsync("washed-ashore.jpg"),
            other = await PictureAsync("sunset-over-the-bay.jpg");
        object[] texts = [.. Enumerable.Range(0, Predictions).Select(_ => TextOf(random, shifted))];
        await Parallel.ForEachAsync(
            texts,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
            async (text, cancellationToken) =>
            {
                using HttpResponseMessage answered = await Http.PostAsJsonAsync($"predict/{Texts}", text, cancellationToken);
                answered.EnsureSuccessStatusCode();
                using ByteArrayContent picture = new(shifted ? other : normal) { Headers = { ContentType = new("image/jpeg") } };
                using HttpResponseMessage labelled = await Http.PostAsync($"predict/{Pictures}", picture, cancellationToken);
                labelled.EnsureSuccessStatusCode();
            }
        );
    }

    private static object TextOf(Random random, bool shifted)
    {
        string text = string.Join(
            ' ',
            Enumerable.Range(0, random.Next(4, 12) * (shifted ? 5 : 1)).Select(_ => Words[random.Next(Words.Length)])
        );
        return new
        {
            text,
            language = shifted ? "de" : "en",
            parameters = new
            {
                desk = shifted ? "sport"
                : random.Next(2) == 0 ? "news"
                : "culture",
                price = random.NextDouble(),
            },
        };
    }

    private static Task<byte[]> PictureAsync(string name) =>
        File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, name), Cancellation);

    /// <summary>Once all that was sent is captured.</summary>
    private Task<string> PinAsync(string model) =>
        Eventually.HoldsAsync(
            async () =>
            {
                using HttpResponseMessage pinned = await Http.PutAsync(
                    $"drift/prod/{model}/1/reference",
                    JsonContent
                        .Create(
                            new
                            {
                                from = From,
                                until = Until(),
                                reason = "Normal traffic.",
                            }
                        )
                        .RequestedBy("tests"),
                    Cancellation
                );
                string body = await pinned.Content.ReadAsStringAsync(Cancellation);
                Assert.True(pinned.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, body);
                return body.Contains($"\"answered\":{Predictions},", StringComparison.Ordinal) ? body : null;
            },
            $"a reference of {Predictions} predictions of {model}",
            Limit,
            Cancellation
        );

    /// <summary>The report of the first check that sees so many predictions.</summary>
    private async Task<JsonElement> CheckAsync(string model, int predictions)
    {
        string report = await Eventually.HoldsAsync(
            async () =>
            {
                using HttpResponseMessage started = await Http.PostAsJsonAsync(
                    "drift/checks",
                    new
                    {
                        model,
                        from = From,
                        until = Until(),
                        followUp = true,
                    },
                    Cancellation
                );
                string status = started.Headers.Location!.ToString()["/api/".Length..];
                string address = await Eventually.HoldsAsync(
                    async () =>
                        (await Http.GetFromJsonAsync<JsonElement>(status, Cancellation)) is var run && Text(run, "stage") == "completed"
                            ? Text(run, "report")
                            : null,
                    $"the end of {status}",
                    Limit,
                    Cancellation
                );
                string body = await Http.GetStringAsync(address["/api/".Length..], Cancellation);
                return JsonDocument.Parse(body).RootElement.GetProperty("current").GetProperty("answered").GetInt32() == predictions
                    ? body
                    : null;
            },
            $"a check of {predictions} predictions of {model}",
            Limit,
            Cancellation
        );
        return JsonDocument.Parse(report).RootElement;
    }

    private async Task<IReadOnlyList<string>> AlertsAsync() =>
        [
            .. (await Http.GetFromJsonAsync<JsonElement>("alerts?state=open&limit=200", Cancellation))
                .GetProperty("items")
                .EnumerateArray()
                .Where(alert => Text(alert, "rule") == "drift")
                .Select(alert => Text(alert, "subject")!),
        ];

    private static JsonElement Alarm(JsonElement report, string slice, string feature) =>
        Assert.Single(report.GetProperty("findings").EnumerateArray(), finding =>
            Text(finding, "slice") == slice
            && Text(finding, "feature") == feature
            && Text(finding, "aspect") != "presence"
            && Text(finding, "verdict") == "alarm"
        );

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    /// <summary>Of this hour the end, should the test run over one.</summary>
    private static DateTimeOffset Until() => HourOf(DateTimeOffset.UtcNow).AddHours(1);

    private static DateTimeOffset HourOf(DateTimeOffset time) =>
        new(time.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
}
