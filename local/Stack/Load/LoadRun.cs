using System.Net;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Arrivals;

namespace Serverless.Local.Stack.Load;

/// <summary>What is to be sent, and how it is judged: a shape, the highest rate, or a replay.</summary>
/// <param name="Load">As it was asked for.</param>
/// <param name="Speed">How much faster a replay is.</param>
internal sealed record LoadAsked(
    LoadTerms Terms,
    string Load,
    RateShape? Shape,
    CapacityPlan? Highest,
    CaptureReplay? Replay,
    double Speed,
    LoadMix Mix
);

/// <summary>Sends what was asked for to an app, and tells of each trial as it ends.</summary>
/// <param name="http">Relative to <c>/api/</c>, with the key.</param>
internal sealed class LoadRun(LoadAsked asked, HttpClient http, TimeProvider time)
{
    private readonly RateTrial _trial = new(http, asked.Terms, time);

    /// <exception cref="StackException">The app is away, refuses the key, or cannot answer a request of some sort.</exception>
    public async Task<LoadDocument> RunAsync(CancellationToken cancellationToken)
    {
        _ = asked.Replay?.LastsAt(asked.Speed); // before anything is sent
        await CheckAsync(cancellationToken);
        LoadDocument document = new(
            http.BaseAddress!.GetLeftPart(UriPartial.Authority),
            time.GetUtcNow(),
            MeasuredMachine.Name,
            asked.Replay is null
                ? asked.Mix.Sorts
                : [.. asked.Replay.Calls.CountBy(call => call.Body.Sort).Select(sort => $"{sort.Key}: {sort.Value}")],
            asked.Terms.Seed,
            asked.Terms.Objective.ToString(),
            [],
            null,
            Notes()
        );
        if (asked.Highest is not { } plan)
        {
            return document with { Trials = [await TellAsync(OnceAsync(cancellationToken))] };
        }
        CapacityFinding finding = new(
            rate =>
                TellAsync(
                    _trial.RunAsync(asked.Mix, RateShape.Constant(rate, plan.Lasts), RateTrialResult.LabelOf(rate), cancellationToken)
                ),
            plan
        );
        CapacityFound found = await finding.FindAsync();
        return document with { Trials = finding.Trials, Capacity = found };
    }

    private Task<RateTrialResult> OnceAsync(CancellationToken cancellationToken) =>
        asked.Replay is { } replay
            ? ReplayAsync(replay, cancellationToken)
            : _trial.RunAsync(asked.Mix, asked.Shape!, asked.Load, cancellationToken);

    private Task<RateTrialResult> ReplayAsync(CaptureReplay replay, CancellationToken cancellationToken)
    {
        TimeSpan lasts = replay.LastsAt(asked.Speed);
        return _trial.RunAsync(
            number => replay.Calls[number].Body,
            replay.Calls.Select(call => call.At / asked.Speed),
            FormattableString.Invariant($"{replay.Calls.Count} captured calls, {asked.Speed:0.##} × as fast"),
            lasts,
            replay.Calls.Count,
            isSteady: false,
            cancellationToken
        );
    }

    /// <summary>One request of each sort, so that what can never succeed is not measured.</summary>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        IEnumerable<LoadBody> firsts = asked.Replay?.Calls.Select(call => call.Body).DistinctBy(body => body.Sort) ?? asked.Mix.Firsts;
        foreach (LoadBody body in firsts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int status, string answer) = await OpenLoop.AnswerAsync(http, _ => body.Request("load/first-"), 0, keepsAnswers: true);
            string what = $"{http.BaseAddress}{body.Path.Split('?')[0]}";
            if (status is >= 200 and < 300)
            {
                continue;
            }
            string shown = answer.ReplaceLineEndings(" ");
            throw new StackException(
                status switch
                {
                    0 => $"{what} cannot be reached ({shown.TrimEnd('.')}). Start it (make run), or name another with URL=https://app.",
                    (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden =>
                        $"{what} refuses the key ({status}). Set the variable KEY to a function key of the app that may do this.",
                    _ => $"{what} answered {status}: {shown[..Math.Min(shown.Length, 500)]}",
                },
                2
            );
        }
    }

    private List<string> Notes()
    {
        List<string> notes =
        [
            "Latencies count from the moment at which each request was due, and uploads end when they are accepted, not analysed.",
        ];
        if (http.BaseAddress!.IsLoopback)
        {
            notes.Add("The generator shares its machine with the service, which could do more without it.");
        }
        if (asked.Replay is null && asked.Mix.Firsts.Any(body => body.Sort == LoadBody.Upload))
        {
            notes.Add("What was uploaded is there to stay, under names that begin with load/; its analysis goes on behind the trials.");
        }
        if (asked.Replay is { Synthesised: > 0 } replay)
        {
            notes.Add(
                $"{replay.Synthesised} of {replay.Calls.Count} captures have no payload; samples of about the same length were sent."
            );
        }
        return notes;
    }

    private static async Task<RateTrialResult> TellAsync(Task<RateTrialResult> running)
    {
        RateTrialResult trial = await running;
        Console.WriteLine(
            FormattableString.Invariant(
                $"  {trial.Load}: {trial.Requests} requests, {trial.Rate:0.##}/s, p50 {trial.P50:0.#} ms, p95 {trial.P95:0.#} ms, "
            ) + FormattableString.Invariant($"p99 {trial.P99:0.#} ms, {trial.Failed} failed{(trial.Why is null ? "" : $": {trial.Why}")}")
        );
        return trial;
    }
}
