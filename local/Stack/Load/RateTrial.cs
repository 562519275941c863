using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Capacity;
using Serverless.Statistics.Sequential;

namespace Serverless.Local.Stack.Load;

internal enum LoadVerdict
{
    Kept,
    Missed,

    /// <summary>The generator sent too late for its times to say anything about the service.</summary>
    GeneratorBehind,
}

/// <summary>What one load found.</summary>
/// <param name="Rate">Arrivals a second in the mean.</param>
/// <param name="Lasts">For how long requests were due.</param>
/// <param name="Lag">How late the generator sent 95 of 100 requests, in milliseconds.</param>
/// <param name="Stability">Null where the rate changed, so that a backlog that rises says nothing.</param>
/// <param name="Why">What was missed; null where nothing was.</param>
internal sealed record RateTrialResult(
    string Load,
    double Rate,
    TimeSpan Lasts,
    long Requests,
    long Failed,
    double P50,
    double P95,
    double P99,
    double Lag,
    LoadVerdict Verdict,
    string? Why,
    StabilityVerdict? Stability,
    IReadOnlyList<LoadSort> Sorts,
    IReadOnlyList<LoadWindow> Windows
)
{
    public static string LabelOf(double rate) => FormattableString.Invariant($"{rate:0.##}/s");
}

/// <summary>What a load is judged by, and what the generator may take.</summary>
internal sealed record LoadTerms(LoadObjective Objective, int MostUnderway, int Seed);

/// <summary>Runs one load after another against an app, in memory that does not grow with the number of requests.</summary>
internal sealed class RateTrial(HttpClient http, LoadTerms terms, TimeProvider time)
{
    private const int MostWindows = 30;
    private const int LeastWindows = 10; // fewer tell no trend
    private const int RequestsAWindow = 20;

    /// <summary>Timers are this exact where the machine has room.</summary>
    private static readonly TimeSpan LeastLag = TimeSpan.FromMilliseconds(20);

    private int _trials;

    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task<RateTrialResult> RunAsync(LoadMix mix, RateShape shape, string load, CancellationToken cancellationToken)
    {
        int seed = terms.Seed + _trials; // another trial of the same rate is another sample
        return RunAsync(
            number => mix.At(number, seed),
            shape.Arrivals(seed),
            load,
            shape.Lasts,
            shape.Mean,
            shape.Steady is not null,
            cancellationToken
        );
    }

    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<RateTrialResult> RunAsync(
        Func<int, LoadBody> body,
        IEnumerable<TimeSpan> arrivals,
        string load,
        TimeSpan lasts,
        double requests,
        bool isSteady,
        CancellationToken cancellationToken
    )
    {
        string mark = $"load/{time.GetUtcNow():yyyyMMddHHmmss}-{_trials++}-";
        LoadTally tally = new(lasts, (int)Math.Clamp(requests / RequestsAWindow, LeastWindows, MostWindows));
        OpenLoop loop = new(
            number => OpenLoop.AnswerAsync(http, n => body(n).Request($"{mark}{n}-"), number, keepsAnswers: false),
            TimeSpan.Zero,
            terms.MostUnderway,
            (number, sample) => tally.Add(body(number).Sort, sample.Due, sample.Left - sample.Due, sample.Answered, sample.Status),
            time
        );
        await loop.RunAsync(arrivals, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return Judge(tally, load, lasts, isSteady);
    }

    private RateTrialResult Judge(LoadTally tally, string load, TimeSpan lasts, bool isSteady)
    {
        LatencyHistogram all = new();
        IReadOnlyList<LoadSort> sorts = tally.Sorts;
        foreach (LoadSort sort in sorts)
        {
            all.Add(sort.Latencies);
        }
        long failed = sorts.Sum(sort => sort.Failed),
            requests = all.Total + failed;
        double lag = tally.Lags.Quantile(0.95);
        double mostLag = Math.Max(LeastLag.TotalMilliseconds, terms.Objective.Within.TotalMilliseconds / 5);
        IReadOnlyList<LoadWindow> windows = tally.Windows;
        StabilityVerdict? stability = isSteady ? StabilityTest.Judge(windows) : null;
        string? broken = requests == 0 ? "nothing was due in this time" : terms.Objective.Broken(all, failed);
        bool isBehind = lag > mostLag;
        string? why =
            isBehind
                ? FormattableString.Invariant(
                    $"the generator sent 5 of 100 requests more than {lag:0} ms late, which says nothing of the service"
                )
            : stability?.Grows == true ? string.Join("; ", new[] { broken, stability.Sentence.TrimEnd('.') }.OfType<string>())
            : broken;
        return new RateTrialResult(
            load,
            requests / lasts.TotalSeconds,
            lasts,
            requests,
            failed,
            all.Quantile(0.5),
            all.Quantile(0.95),
            all.Quantile(0.99),
            lag,
            isBehind ? LoadVerdict.GeneratorBehind
                : why is null ? LoadVerdict.Kept
                : LoadVerdict.Missed,
            why,
            stability,
            sorts,
            windows
        );
    }
}
