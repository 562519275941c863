using System.Runtime.InteropServices;
using Serverless.Statistics.Comparisons;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;
using Serverless.Validation.Watermarks;

namespace Serverless.Validation.Judging;

/// <summary>
/// Makes a report of what a trial saw: every gate, with what was found and what was wanted. The same trial gives the same report.
/// </summary>
internal sealed class Judge(ValidationOptions options)
{
    private const int MaxWorse = 20;

    /// <param name="trial">Null where the package was refused before.</param>
    public ValidationReport Decide(ValidationFacts facts, IReadOnlyList<GoldenItem> golden, TrialRecord? trial, DateTimeOffset now)
    {
        ValidationReport report = new()
        {
            Id = facts.Report,
            Model = facts.Model,
            Version = facts.Version,
            Digest = facts.Digest,
            Task = facts.Exists ? facts.Task : null,
            Environment = facts.Environment,
            Serving = facts.Serving,
            At = trial?.At ?? now,
            Passed = false,
            Gates = [facts.DigestGate],
            Golden = facts.Golden is { } set ? new GoldenUse(set.Scope, set.Digest, set.Items) : null,
        };
        if (trial is not null)
        {
            report = DecideTrial(report, facts, golden, trial);
        }
        return report with { Passed = report.Gates.All(g => g.Passed) };
    }

    private ValidationReport DecideTrial(
        ValidationReport report,
        ValidationFacts facts,
        IReadOnlyList<GoldenItem> golden,
        TrialRecord trial
    )
    {
        TrialSide candidate = trial.Candidate;
        List<Gate> gates = [.. report.Gates, TrialGates.Load(candidate), TrialGates.GoldenSet(facts, options.Gates)];
        report = report with
        {
            Host = new HostFacts(RuntimeInformation.OSDescription, trial.Cores, trial.Provider ?? "none"),
            Probes = trial.Probes,
            Sides = SideFinding.AllOf(trial),
        };
        if (candidate.Fault?.Step == TrialGates.LoadStep)
        {
            return report with { Gates = gates };
        }

        if (golden.Count > 0)
        {
            gates.Add(TrialGates.Answers(candidate, golden));
        }
        if (golden.Count > 0 && candidate.Answers.Count == golden.Count)
        {
            IReadOnlyList<GoldenScore> scores = GoldenScore.For(facts.Task, golden);
            // What serves is compared where it answered; a fault of its own must not keep its repair out.
            IReadOnlyList<ItemAnswer>? serving = trial.Serving?.Answers.Count == golden.Count ? trial.Serving.Answers : null;
            MetricGates metrics = new(facts, options, golden, candidate.Answers, serving, trial.Serving?.Fault);
            List<MetricFinding> found = [.. scores.Select(metrics.Measure)];
            gates.AddRange(found.SelectMany(metrics.Judge));
            IReadOnlyList<SliceFinding> slices = metrics.Compare(scores[0], found[0]);
            gates.AddRange(metrics.Judge(found[0], slices));
            report = report with
            {
                Metrics = found,
                Slices = slices,
                Worse = serving is null
                    ? []
                    : [.. WorseItems.Find(facts.Task, golden, candidate.Answers, serving, scores[0]).Take(MaxWorse)],
            };
        }
        gates.AddRange(trial.Watermarks.Select(found => WatermarkCheck.Judge(found, options.WatermarkShareOf(facts.Model, found.Source))));
        gates.AddRange(trial.Probes.Select(TrialGates.Probe));
        gates.AddRange(new CostGates(options.Gates, options.Trial).Judge(report.Sides));
        if (candidate.Fault is not null)
        {
            gates.Add(TrialGates.Ended(candidate.Fault));
        }
        return report with { Gates = gates };
    }
}
