using Serverless.Packages;

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
);

/// <summary>
/// Tries a candidate, and beside it what serves. Each has a process of its own; their times are taken in turns, so that what else the
/// machine does falls on both. One trial at a time, since two would spoil each other's times.
/// </summary>
public sealed class TrialRunner(TrialOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Few, so that both are timed under the same load of the host.</summary>
    internal const int AnswersATurn = 2;

    private readonly SemaphoreSlim _turn = new(1);

    internal async Task<TrialRecord> RunAsync(TrialPlan plan, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using CancellationTokenSource late = new(options.Within, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            return await TryAsync(plan, late.Token, either.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<TrialRecord> TryAsync(TrialPlan plan, CancellationToken late, CancellationToken cancellationToken)
    {
        await using TrialSubject candidate = new(plan.Candidate.Version, plan.CandidateFolder, plan.GoldenFile, plan.Task, options, time);
        await using TrialSubject? serving = plan.ServingFolder is null
            ? null
            : new(plan.Serving!.Version, plan.ServingFolder, plan.GoldenFile, plan.Task, options, time);
        List<ProbeFinding> probes = [];
        TrialFault? outOfTime = null;
        bool hasServing = false;
        try
        {
            await candidate.LoadAsync(cancellationToken);
            await candidate.AnswerGoldenAsync(plan.GoldenItems, cancellationToken);
            if (serving is not null && candidate.Fault is null)
            {
                hasServing = true;
                await serving.LoadAsync(cancellationToken);
                await serving.AnswerGoldenAsync(plan.GoldenItems, cancellationToken);
            }
            // Before the probes, which a model may not survive as it was, and which leave their memory behind.
            await MeasureAsync(candidate, serving, cancellationToken);
            TrialSide untouched = candidate.Side;
            foreach (string probe in candidate.Probes)
            {
                if (candidate.Fault is null)
                {
                    probes.Add(await candidate.ProbeAsync(probe, cancellationToken));
                }
            }
            return Record(candidate, untouched with { Fault = candidate.Fault }, hasServing ? serving : null, probes);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            outOfTime = new TrialFault(
                "trial",
                TrialEnd.TimeLimit,
                $"The trial was not done within {options.Within.TotalMinutes:0.#} minutes."
            );
            return Record(candidate, candidate.Side with { Fault = outOfTime }, null, probes);
        }
    }

    private TrialRecord Record(TrialSubject candidate, TrialSide side, TrialSubject? serving, IReadOnlyList<ProbeFinding> probes) =>
        new(candidate.Task, candidate.Provider, Environment.ProcessorCount, side, serving?.Side, probes, time.GetUtcNow());

    private async Task MeasureAsync(TrialSubject candidate, TrialSubject? serving, CancellationToken cancellationToken)
    {
        TrialSubject[] subjects = [.. new[] { candidate, serving }.OfType<TrialSubject>().Where(s => s is { Fault: null, Task: not null })];
        foreach (TrialSubject subject in subjects)
        {
            await subject.MeasureAsync(0, AnswersATurn, keep: false, cancellationToken);
        }
        for (int from = 0; from < options.TimedAnswers; from += AnswersATurn)
        {
            foreach (TrialSubject subject in subjects)
            {
                await subject.MeasureAsync(from, AnswersATurn, keep: true, cancellationToken);
            }
            Array.Reverse(subjects);
        }
    }
}
