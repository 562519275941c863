using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>A run that fails in its second step, since what that reads is away, and is rewound once it is back.</summary>
public sealed class RewindTests(SharedStack shared)
{
    private const string Model = "end-to-end-rewound";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6); // the step is tried again for more than a minute

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task FailedRun_Rewound_GoesOnFromItsFailedStep()
    {
        await RegisterAsync();
        string golden = await StoreGoldenAsync();
        ObjectContent set = (await shared.Client.Azure.ReadAsync(golden, 1 << 20, Cancellation))!;
        await shared.Client.Azure.DeleteAsync(golden, Cancellation);
        string id = await ValidateAsync();
        JsonElement failed = await RunActsTests.UntilAsync(Http, id, "failed", Limit);

        using (Stream body = set.Data.ToStream())
        {
            await shared.Client.Azure.WriteAsync(golden, body, WriteCondition.IfAbsent, "application/jsonl", Cancellation);
        }
        using HttpResponseMessage rewound = await Http.PostAsync(
            $"runs/{id}/rewind",
            JsonContent.Create(new { reason = "the golden set is back" }).RequestedBy("ana"),
            Cancellation
        );
        Assert.Equal(HttpStatusCode.Accepted, rewound.StatusCode);
        JsonElement completed = await RunActsTests.UntilAsync(Http, id, "completed", Limit);

        Assert.True(completed.GetProperty("output").GetProperty("Passed").GetBoolean(), completed.GetProperty("output").ToString());
        Assert.Equal(Only(failed, "CheckModel"), Only(completed, "CheckModel")); // it has run once, then
        Assert.NotEmpty(Times(completed, "JudgeModel"));
        using HttpResponseMessage again = await Http.PostAsync(
            $"runs/{id}/rewind",
            JsonContent.Create(new { reason = "again" }).RequestedBy("ana"),
            Cancellation
        );
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    private static string Only(JsonElement run, string activity) => Assert.Single(Times(run, activity));

    /// <summary>When executions of it were scheduled.</summary>
    private static string[] Times(JsonElement run, string activity) =>
        [
            .. run.GetProperty("history")
                .EnumerateArray()
                .Where(happened => happened.GetProperty("type").GetString() == "TaskScheduled")
                .Where(happened => happened.GetProperty("name").GetString() == activity)
                .Select(happened => happened.GetProperty("time").GetString()!),
        ];

    private async Task RegisterAsync()
    {
        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            typeof(LocalStack).Assembly.Location,
            "model",
            "--name",
            Model,
            "--from",
            Path.Combine(Checkout.Root, "tests/Data/candidates/sound/1"),
            "--data",
            shared.Stack.Options.DataDirectory,
            "--port",
            $"{shared.Stack.Options.Ports.Functions}"
        );
        Assert.True(code == 0, output);
    }

    /// <summary>The path of the stored lines.</summary>
    private async Task<string> StoreGoldenAsync()
    {
        StringBuilder lines = new();
        for (int i = 0; i < 80; i++)
        {
            string text = i % 2 == 0 ? "the goal today" : "a law in the senate";
            lines
                .Append(
                    JsonSerializer.Serialize(
                        new
                        {
                            id = $"en-{i}",
                            language = "en",
                            text,
                            label = i % 2 == 0 ? "sport" : "politics",
                        }
                    )
                )
                .Append('\n');
        }
        using ByteArrayContent body = new(Encoding.UTF8.GetBytes(lines.ToString()))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/jsonl") },
        };
        using HttpResponseMessage stored = await Http.PostAsync(
            $"golden/models/{Model}?environment=qa",
            body.RequestedBy("tests"),
            Cancellation
        );
        Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync(Cancellation));
        string digest = (await stored.Content.ReadFromJsonAsync<JsonElement>(Cancellation))
            .GetProperty("set")
            .GetProperty("digest")
            .GetString()!;
        return $"golden/models/{Model}/{digest}.jsonl";
    }

    private async Task<string> ValidateAsync()
    {
        using HttpResponseMessage started = await Http.PostAsync($"models/{Model}/versions/1/validate?environment=qa", null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        string run = (await started.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("run").GetString()!;
        return Uri.UnescapeDataString(run.Split('/')[^1]);
    }
}
