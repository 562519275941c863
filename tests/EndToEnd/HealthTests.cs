using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Health says what is true, and says it while what it is about is away.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_TellsOfAWorkerThatStoodStill_AndOfStoresThatAreAway_UntilTheyAreBack()
    {
        await using LocalStack stack = await SharedStack.StartOwnAsync(
            "health",
            ("Worker:Lease", "00:00:05"),
            ("Health:WorkerWithin", "00:00:02")
        );
        using PipelineClient client = new(stack);
        await UntilAsync(client, "a healthy start", findings => findings.Count == 0);

        int worker = stack.Workers.Single().ProcessId;
        await SignalAsync("STOP", worker);
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("The harbour of Port Alder was closed. ", 10_000)));
        AssetSource source = await PipelineClient.UploadAsync(client.Azure, "long.txt", text, Cancellation);
        await UntilAsync(client, "a worker that is missed", findings => findings.Contains("queue gpu-jobs"));
        await SignalAsync("CONT", worker);
        await Settled.AnalysisAsync(client, source, Cancellation);
        await UntilAsync(client, "a worker that is back", findings => findings.Count == 0);

        await stack.StopStorageAsync();
        await UntilAsync(client, "stores that are missed", findings => findings.IsSupersetOf(["store azure", "store s3"]));
        stack.StartStorage();
        await stack.WaitUntilReadyAsync(Cancellation);
        await UntilAsync(client, "stores that are back", findings => findings.Count == 0);
    }

    private static Task UntilAsync(PipelineClient client, string what, Predicate<HashSet<string>> holds) =>
        Eventually.HoldsAsync(
            async () => await TryFindAsync(client) is { } findings && holds(findings) ? what : null,
            what,
            Limit,
            Cancellation
        );

    /// <summary>Null while the app itself is started again, as a Functions host is without its storage.</summary>
    private static async Task<HashSet<string>?> TryFindAsync(PipelineClient client)
    {
        try
        {
            long started = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await client.Http.GetAsync("health", Cancellation);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5)); // and under 1 s on a quiet machine
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }
            using JsonDocument health = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            HashSet<string> findings =
            [
                .. health.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("thing").GetString()!),
            ];
            Assert.Equal(findings.Count == 0 ? "healthy" : "degraded", health.RootElement.GetProperty("status").GetString());
            return findings;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task SignalAsync(string name, int process)
    {
        using Process kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        await kill.WaitForExitAsync(Cancellation);
        Assert.Equal(0, kill.ExitCode);
    }
}
