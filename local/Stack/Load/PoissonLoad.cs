using System.Collections.Concurrent;
using System.Net;

namespace Serverless.Local.Stack.Load;

/// <summary>
/// An open loop: requests leave at the moments of a Poisson process, whatever becomes of the earlier ones, and the latency of each
/// counts from the moment it was due. A system that stalls is so charged for everybody who would have come meanwhile.
/// </summary>
/// <param name="send">Sends the request of a number; gives a status as of HTTP and what is to be kept of the answer.</param>
/// <param name="patience">How long a caller whom no host answers, not even with an error, tries again.</param>
public sealed class PoissonLoad(
    Func<int, Task<(int Status, string Answer)>> send,
    double requestsPerSecond,
    TimeSpan patience,
    int seed,
    TimeProvider time
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private const double GoldenRatio = 0.618033988749895; // multiples of it spread evenly over 0..1

    private readonly Random _random = new(seed);
    private readonly ConcurrentBag<LoadSample> _samples = [];

    public PoissonLoad(
        HttpClient http,
        Func<int, HttpRequestMessage> request,
        double requestsPerSecond,
        TimeSpan patience,
        int seed,
        TimeProvider time
    )
        : this(number => AnswerAsync(http, request, number), requestsPerSecond, patience, seed, time) { }

    /// <summary>Sends until <paramref name="cancellationToken"/>, then waits for the answers still out.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset began = time.GetUtcNow();
        long start = time.GetTimestamp();
        TimeSpan due = TimeSpan.Zero;
        List<Task> underway = [];
        for (int i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            due += TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / requestsPerSecond);
            if (due - time.GetElapsedTime(start) is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            underway.Add(SendAsync(i, start, due));
            if (underway.Count > 1000)
            {
                underway.RemoveAll(sent => sent.IsCompleted);
            }
        }
        await Task.WhenAll(underway);
        return new LoadReport(began, [.. _samples.OrderBy(sample => sample.Due)]);
    }

    private async Task SendAsync(int number, long start, TimeSpan due)
    {
        for (int tries = 1; ; tries++)
        {
            (int status, string answer) = await send(number);
            TimeSpan now = time.GetElapsedTime(start);
            // A host that starts or stops takes nothing, and says so; one whose callers all come again at once is full for a moment.
            bool isTaken = status is not (0 or (int)HttpStatusCode.ServiceUnavailable or (int)HttpStatusCode.TooManyRequests);
            if (isTaken || now - due > patience)
            {
                _samples.Add(new LoadSample(due, now, status, answer, tries));
                return;
            }
            await Task.Delay(PauseAfter(tries, number), time, CancellationToken.None);
        }
    }

    /// <summary>
    /// Doubled each time, and for no two callers the same: all who wait for a host, coming ten times a second, keep it from starting.
    /// </summary>
    private static TimeSpan PauseAfter(int tries, int number)
    {
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(tries - 1, 10));
        double spread = 0.75 + 0.5 * (number * GoldenRatio % 1);
        return (pause < LongestPause ? pause : LongestPause) * spread;
    }

    private static async Task<(int Status, string Answer)> AnswerAsync(HttpClient http, Func<int, HttpRequestMessage> request, int number)
    {
        try
        {
            using HttpRequestMessage message = request(number);
            using HttpResponseMessage response = await http.SendAsync(message, CancellationToken.None);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(CancellationToken.None));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return (0, e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message);
        }
    }
}
