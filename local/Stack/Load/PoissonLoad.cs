using System.Collections.Concurrent;
using Serverless.Sizing.Arrivals;

namespace Serverless.Local.Stack.Load;

/// <summary>An <see cref="OpenLoop"/> at one rate that keeps every answer: for loads of some minutes.</summary>
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
    public PoissonLoad(
        HttpClient http,
        Func<int, HttpRequestMessage> request,
        double requestsPerSecond,
        TimeSpan patience,
        int seed,
        TimeProvider time
    )
        : this(number => OpenLoop.AnswerAsync(http, request, number, keepsAnswers: true), requestsPerSecond, patience, seed, time) { }

    /// <summary>Sends until <paramref name="cancellationToken"/>, then waits for the answers still out.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        ConcurrentBag<LoadSample> samples = [];
        OpenLoop loop = new(send, patience, int.MaxValue, (_, sample) => samples.Add(sample), time);
        DateTimeOffset began = await loop.RunAsync(RateShape.Endless(requestsPerSecond, seed), cancellationToken);
        return new LoadReport(began, [.. samples.OrderBy(sample => sample.Due)]);
    }
}
