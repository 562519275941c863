using Serverless.Packages;
using Serverless.Validation.Watermarks;

namespace Serverless.Validation.Trials;

/// <param name="GoldenFile">Null where there is no golden set.</param>
/// <param name="ServingFolder">Null where nothing serves.</param>
internal sealed record TrialPlan(
    ModelVersion Candidate,
    string CandidateFolder,
    ModelVersion? Serving,
    string? ServingFolder,
    ModelTask Task,
    string? GoldenFile,
    int GoldenItems
)
{
    public IReadOnlyList<WatermarkSet> Watermarks { get; init; } = [];

    /// <summary>Watermarks that cannot be tried, and why.</summary>
    public IReadOnlyList<WatermarkFinding> Untried { get; init; } = [];
}

/// <summary>
/// Tries a candidate, and beside it what serves. Each has a process of its own; their times are taken in turns, so that what else the
/// machine does falls on both. A candidate that seems slow is timed once more, by processes of their own, and the second times count: the
/// first pair may have shared the processors unequally. One trial at a time, since two would spoil each other's times.
/// </summary>
public sealed class TrialRunner(TrialOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Few, so that both are timed under the same load of the host.</summary>
    internal const int AnswersATurn = 2;

    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="isSlow">Whether the times of a trial speak against its candidate.</param>
    internal async Task<TrialRecord> RunAsync(TrialPlan plan, Predicate<TrialRecord> isSlow, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using CancellationTokenSource late = new(options.Within, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            TrialRecord record = await TryAsync(plan, late.Token, either.Token);
            return isSlow(record) ? await TimeAgainAsync(plan, record, late.Token, either.Token) : record;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<TrialRecord> TryAsync(TrialPlan plan, CancellationToken late, CancellationToken cancellationToken)
    {
        await using TrialSubject candidate = Candidate(plan);
        await using TrialSubject? serving = Serving(plan);
        List<ProbeFinding> probes = [];
        List<WatermarkFinding> watermarks = [.. plan.Untried];
        TrialFault? outOfTime = null;
        bool hasServing = false;
        try
        {
            await candidate.LoadAsync(cancellationToken);
            await candidate.AnswerGoldenAsync(plan.GoldenItems, cancellationToken);
            watermarks.AddRange(await candidate.AnswerWatermarksAsync(plan.Watermarks, cancellationToken));
            if (serving is not null && candidate.Fault is null)
            {
                hasServing = true;
                await serving.LoadAsync(cancellationToken);
                await serving.AnswerGoldenAsync(plan.GoldenItems, cancellationToken);
            }
            // Before the probes, which a model may not survive as it was, and which leave their memory behind.
            await MeasureAsync([candidate, serving], cancellationToken);
            TrialSide untouched = candidate.Side;
            foreach (string probe in candidate.Probes)
            {
                if (candidate.Fault is null)
                {
                    probes.Add(await candidate.ProbeAsync(probe, cancellationToken));
                }
            }
            return Record(candidate, untouched with { Fault = candidate.Fault }, hasServing ? serving : null, probes) with
            {
                Watermarks = watermarks,
            };
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            outOfTime = new TrialFault(
                "trial",
                TrialEnd.TimeLimit,
                $"The trial was not done within {options.Within.TotalMinutes:0.#} minutes."
            );
            return Record(candidate, candidate.Side with { Fault = outOfTime }, null, probes) with { Watermarks = watermarks };
        }
    }

    /// <summary>The first times stand where a version ends, or the time is up, before it has new ones.</summary>
    private async Task<TrialRecord> TimeAgainAsync(
        TrialPlan plan,
        TrialRecord first,
        CancellationToken late,
        CancellationToken cancellationToken
    )
    {
        await using TrialSubject? serving = first.Serving is null ? null : Serving(plan);
        await using TrialSubject candidate = Candidate(plan);
        TrialSubject?[] subjects = [serving, candidate];
        try
        {
            foreach (TrialSubject subject in subjects.OfType<TrialSubject>())
            {
                await subject.LoadAsync(cancellationToken);
            }
            await MeasureAsync(subjects, cancellationToken);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return first;
        }
        return candidate.Fault is null && serving?.Fault is null
            ? first with
            {
                Candidate = first.Candidate with { Milliseconds = candidate.Side.Milliseconds },
                Serving = serving is null ? first.Serving : first.Serving! with { Milliseconds = serving.Side.Milliseconds },
            }
            : first;
    }

    private TrialSubject Candidate(TrialPlan plan) =>
        new(plan.Candidate.Version, plan.CandidateFolder, plan.GoldenFile, plan.Task, options, time);

    private TrialSubject? Serving(TrialPlan plan) =>
        plan.ServingFolder is null ? null : new(plan.Serving!.Version, plan.ServingFolder, plan.GoldenFile, plan.Task, options, time);

    private TrialRecord Record(TrialSubject candidate, TrialSide side, TrialSubject? serving, IReadOnlyList<ProbeFinding> probes) =>
        new(candidate.Task, candidate.Provider, Environment.ProcessorCount, side, serving?.Side, probes, time.GetUtcNow());

    private async Task MeasureAsync(IEnumerable<TrialSubject?> all, CancellationToken cancellationToken)
    {
        TrialSubject[] subjects = [.. all.OfType<TrialSubject>().Where(s => s is { Fault: null, Task: not null })];
        foreach (TrialSubject subject in subjects)
        {
            await subject.MeasureAsync(0, AnswersATurn, keep: false, cancellationToken);
        }
        Random order = new(0); // no other work on the host repeats in step with it, as it may with strict alternation
        for (int from = 0; from < options.TimedAnswers; from += AnswersATurn)
        {
            order.Shuffle(subjects);
            foreach (TrialSubject subject in subjects)
            {
                await subject.MeasureAsync(from, AnswersATurn, keep: true, cancellationToken);
            }
        }
    }
}
