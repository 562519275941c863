using System.Collections.Concurrent;
using System.Net;

namespace Serverless.Local.Stack.Load;

/// <summary>
/// Sends requests at the moments they are due, whatever becomes of the earlier ones; the latency of each counts from the moment it was due.
/// A system that stalls is so charged for everybody who would have come meanwhile.
/// </summary>
/// <param name="send">Sends the request of a number; gives a status as of HTTP and what is to be kept of the answer.</param>
/// <param name="patience">How long a caller whom no host answers, not even with an error, tries again.</param>
/// <param name="mostUnderway">Requests without an answer; one more that is due is not sent, and counts as not answered.</param>
/// <param name="note">Told of each request when it is over, by any thread.</param>
public sealed class OpenLoop(
    Func<int, Task<(int Status, string Answer)>> send,
    TimeSpan patience,
    int mostUnderway,
    Action<int, LoadSample> note,
    TimeProvider time
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private const double GoldenRatio = 0.618033988749895; // multiples of it spread evenly over 0..1

    private readonly ConcurrentDictionary<int, Task> _underway = [];

    /// <summary>Sends all, or until <paramref name="cancellationToken"/>, then waits for the answers still out.</summary>
    /// <param name="arrivals">In order, from the start.</param>
    /// <returns>When it began.</returns>
    public async Task<DateTimeOffset> RunAsync(IEnumerable<TimeSpan> arrivals, CancellationToken cancellationToken)
    {
        DateTimeOffset began = time.GetUtcNow();
        long start = time.GetTimestamp();
        int number = 0;
        foreach (TimeSpan due in arrivals)
        {
            if (due - time.GetElapsedTime(start) is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            if (_underway.Count >= mostUnderway)
            {
                note(number, new LoadSample(due, due, time.GetElapsedTime(start), 0, $"Not sent: {mostUnderway} are under way.", 0));
            }
            else
            {
                Task sent = SendAsync(number, start, due);
                _underway[number] = sent;
                _ = sent.ContinueWith(
                    (_, of) => _underway.TryRemove((int)of!, out Task? _),
                    number,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
            }
            number++;
        }
        await Task.WhenAll(_underway.Values);
        return began;
    }

    /// <summary>Over HTTP; a request that gets no answer has the status 0.</summary>
    public static async Task<(int Status, string Answer)> AnswerAsync(
        HttpClient http,
        Func<int, HttpRequestMessage> request,
        int number,
        bool keepsAnswers
    )
    {
        try
        {
            using HttpRequestMessage message = request(number);
            using HttpResponseMessage response = await http.SendAsync(message, CancellationToken.None);
            string answer = await response.Content.ReadAsStringAsync(CancellationToken.None);
            return ((int)response.StatusCode, keepsAnswers ? answer : "");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            string? inner = e.InnerException?.Message;
            return (0, inner is null || e.Message.Contains(inner, StringComparison.Ordinal) ? e.Message : $"{e.Message} {inner}");
        }
    }

    private async Task SendAsync(int number, long start, TimeSpan due)
    {
        TimeSpan left = time.GetElapsedTime(start);
        for (int tries = 1; ; tries++)
        {
            (int status, string answer) = await send(number);
            TimeSpan now = time.GetElapsedTime(start);
            // A host that starts or stops takes nothing, and says so; one whose callers all come again at once is full for a moment.
            bool isTaken = status is not (0 or (int)HttpStatusCode.ServiceUnavailable or (int)HttpStatusCode.TooManyRequests);
            if (isTaken || now - due > patience)
            {
                note(number, new LoadSample(due, left, now, status, answer, tries));
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
}
