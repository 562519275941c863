using System.Collections.Concurrent;

namespace Serverless.Embedded.Stack.Load;

/// <summary>
/// An open loop: requests leave at the moments of a Poisson process, whatever becomes of the earlier ones, and the latency of each
/// counts from the moment it was due. A system that stalls is so charged for everybody who would have come meanwhile.
/// </summary>
public sealed class PoissonLoad(HttpClient http, Func<int, HttpRequestMessage> request, double requestsPerSecond, int seed, TimeProvider time)
{
    private readonly Random _random = new(seed);
    private readonly ConcurrentBag<LoadSample> _samples = [];

    /// <summary>Sends until <paramref name="stop"/>, then waits for the answers still out.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken stop)
    {
        long start = time.GetTimestamp();
        TimeSpan due = TimeSpan.Zero;
        List<Task> underway = [];
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            due += TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / requestsPerSecond);
            if (due - time.GetElapsedTime(start) is { } wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                break;
            underway.Add(SendAsync(request(i), start, due));
            if (underway.Count > 1000)
                underway.RemoveAll(sent => sent.IsCompleted);
        }
        await Task.WhenAll(underway);
        return new LoadReport([.. _samples.OrderBy(sample => sample.Due)]);
    }

    private async Task SendAsync(HttpRequestMessage message, long start, TimeSpan due)
    {
        using (message)
        {
            (int status, string answer) = await AnswerAsync(message);
            _samples.Add(new LoadSample(due, time.GetElapsedTime(start), status, answer));
        }
    }

    private async Task<(int Status, string Answer)> AnswerAsync(HttpRequestMessage message)
    {
        try
        {
            using HttpResponseMessage response = await http.SendAsync(message, CancellationToken.None);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(CancellationToken.None));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return (0, e.Message);
        }
    }
}
