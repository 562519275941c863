using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Promotions;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// Versions with injected faults, registered and validated over HTTP beside a sound one that serves: the gate that must find each does, in
/// words.
/// </summary>
public sealed class ValidationTests(SharedStack shared)
{
    private const string Environment = "qa";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Theory]
    [InlineData("sound-again", null, "")]
    [InlineData("wrong-word", "slice: language de", "accuracy fell from 1.000 in version 1, which serves, to 0.950")]
    [InlineData("slow", "latency", "more than version 1, which serves")]
    [InlineData("not-a-number", "answers", "not finite numbers")]
    public async Task AFault_IsFoundByItsGate(string candidate, string? gate, string sentence)
    {
        string name = $"end-to-end-{candidate}";
        await PrepareAsync(name, candidate);

        JsonElement report = await ValidateAsync(name);

        JsonElement[] failed = [.. report.GetProperty("gates").EnumerateArray().Where(g => !g.GetProperty("passed").GetBoolean())];
        string sentences = string.Join('\n', failed.Select(g => $"{g.GetProperty("name")}: {g.GetProperty("sentence")}"));
        Assert.True(report.GetProperty("passed").GetBoolean() == gate is null, sentences);
        Assert.Contains($"{(gate is null ? "" : gate + ": ")}", sentences, StringComparison.Ordinal);
        Assert.Contains(sentence, sentences, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFault_RejectsItsPromotion_InTheSameWords()
    {
        const string name = "end-to-end-rejected";
        await PrepareAsync(name, "not-a-number");
        PromotionClient promotions = new(Http, TimeProvider.System);

        PromotionSeen seen = await promotions.StartAsync(new PromotionAsked(name, 2, null, Environment, "ci"), Cancellation);
        seen = await Eventually.HoldsAsync(
            async () => await promotions.FetchAsync(seen.Id, Cancellation) is { Verdict: not null } ended ? ended : null,
            "the verdict",
            Limit,
            Cancellation
        );

        Assert.Equal("rejected", seen.Verdict);
        Assert.StartsWith("Validation failed: ", seen.Reason, StringComparison.Ordinal);
        Assert.Contains("not finite numbers", seen.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APackageThatTakesTooMuchToLoad_IsNotRegistered()
    {
        (int code, string output) = await RegisterAsync("end-to-end-hungry", "hungry");

        Assert.NotEqual(0, code);
        Assert.Contains("allowed are 700 MB. It was killed.", output, StringComparison.Ordinal);
    }

    /// <summary>Version 1 is sound and serves, version 2 is the candidate.</summary>
    private async Task PrepareAsync(string name, string candidate)
    {
        foreach (string package in (string[])["sound", candidate])
        {
            (int code, string output) = await RegisterAsync(name, package);
            Assert.True(code == 0, output);
        }
        using HttpResponseMessage served = await Http.PutAsync(
            $"models/{name}/aliases/{Environment}",
            JsonContent.Create(new { version = 1 }).RequestedBy("tests"),
            Cancellation
        );
        served.EnsureSuccessStatusCode();
        await StoreGoldenAsync(name, candidate == "wrong-word" ? 800 : 40, candidate == "wrong-word" ? 200 : 40);
    }

    /// <summary>The report, once the run has ended; its page must be there too.</summary>
    private async Task<JsonElement> ValidateAsync(string name)
    {
        using HttpResponseMessage started = await Http.PostAsync(
            $"models/{name}/versions/2/validate?environment={Environment}",
            null,
            Cancellation
        );
        Assert.Equal(202, (int)started.StatusCode);
        JsonElement run = await started.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        string status = await Eventually.HoldsAsync(
            async () =>
                (await Http.GetFromJsonAsync<JsonElement>(run.GetProperty("run").GetString()!, Cancellation))
                    .GetProperty("status")
                    .GetString()
                    is ("completed" or "failed")
                        and var ended
                    ? ended
                    : null,
            "the end of the validation",
            Limit,
            Cancellation
        );
        Assert.Equal("completed", status);
        string page = run.GetProperty("report").GetString()!;
        Assert.StartsWith("<!doctype html>", await Http.GetStringAsync(page, Cancellation), StringComparison.Ordinal);
        return await Http.GetFromJsonAsync<JsonElement>(page.Replace(".html", ".json", StringComparison.Ordinal), Cancellation);
    }

    private Task<(int Code, string Output)> RegisterAsync(string name, string package) =>
        Terminal.RunAsync(
            "dotnet",
            typeof(LocalStack).Assembly.Location,
            "model",
            "--name",
            name,
            "--from",
            Path.Combine(Checkout.Root, "tests/Data/candidates", package, "1"),
            "--data",
            shared.Stack.Options.DataDirectory,
            "--port",
            $"{shared.Stack.Options.Ports.Functions}"
        );

    /// <summary>English and German texts; in a twentieth of the German ones all hangs on the word "wahl".</summary>
    private async Task StoreGoldenAsync(string name, int english, int german)
    {
        StringBuilder lines = new();
        for (int i = 0; i < english; i++)
        {
            Add($"en-{i}", "en", i % 2 == 0 ? "the goal today" : "a law in the senate", i % 2 == 0);
        }
        for (int i = 0; i < german; i++)
        {
            Add(
                $"de-{i}",
                "de",
                i % 2 == 0 ? "das tor und spiel"
                    : i % 20 == 1 ? "die wahl heute"
                    : "das gesetz und die",
                i % 2 == 0
            );
        }
        using ByteArrayContent body = new(Encoding.UTF8.GetBytes(lines.ToString()))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/jsonl") },
        };
        using HttpResponseMessage stored = await Http.PostAsync(
            $"golden/models/{name}?environment={Environment}",
            body.RequestedBy("tests"),
            Cancellation
        );
        Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync(Cancellation));

        void Add(string id, string language, string text, bool isSport) =>
            lines
                .Append(
                    JsonSerializer.Serialize(
                        new
                        {
                            id,
                            language,
                            text,
                            label = isSport ? "sport" : "politics",
                        }
                    )
                )
                .Append('\n');
    }
}
