using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Health says what is true, and says it while what it is about is away.</summary>
internal static class Health
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task UntilHealthyAsync(PipelineClient client, CancellationToken cancellationToken) =>
        UntilAsync(client, "no findings", findings => findings.Count == 0, cancellationToken);

    /// <param name="meanwhile">What keeps the thing away, at each look.</param>
    public static Task UntilMissedAsync(
        PipelineClient client,
        string[] things,
        CancellationToken cancellationToken,
        Action? meanwhile = null
    ) =>
        UntilAsync(
            client,
            $"findings of {string.Join(" and ", things)}",
            findings =>
            {
                meanwhile?.Invoke();
                return findings.IsSupersetOf(things);
            },
            cancellationToken
        );

    public static async Task SignalAsync(string name, int process, CancellationToken cancellationToken)
    {
        using Process kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        await kill.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    private static Task UntilAsync(
        PipelineClient client,
        string what,
        Predicate<HashSet<string>> holds,
        CancellationToken cancellationToken
    ) =>
        Eventually.HoldsAsync(
            async () => await TryFindAsync(client, cancellationToken) is { } findings && holds(findings) ? what : null,
            what,
            Limit,
            cancellationToken
        );

    /// <summary>Null while the app itself is started again, as a Functions host is without its storage.</summary>
    private static async Task<HashSet<string>?> TryFindAsync(PipelineClient client, CancellationToken cancellationToken)
    {
        try
        {
            long started = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await client.Http.GetAsync("health", cancellationToken);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5)); // and under 1 s on a quiet machine
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }
            using JsonDocument health = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
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
}
