using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Capacity;
using Serverless.Statistics.Intervals;

namespace Serverless.Local.Stack.Load;

/// <summary>The highest rate that keeps an objective.</summary>
/// <param name="Rate">Requests a second; 0 where none was kept.</param>
/// <param name="Held">Of <paramref name="Repeats"/> trials of that rate, those that kept it.</param>
/// <param name="FailedRate">The lowest rate above it that was not kept; null where none was.</param>
/// <param name="FailedHeld">Of as many trials of that, those that kept it.</param>
/// <param name="Sure">The share of trials at the rate that keep it, with its 95 % interval.</param>
/// <param name="Limit">What ended the search other than the service; null where nothing did.</param>
internal sealed record CapacityFound(double Rate, int Held, int Repeats, double? FailedRate, int FailedHeld, Interval Sure, string? Limit)
{
    public string Sentence =>
        Rate == 0
            ? FailedRate is { } least
                ? FormattableString.Invariant($"No rate keeps the objective, not even {least:0.##}/s.{Ending}")
                : $"No rate could be judged.{Ending}"
            : FormattableString.Invariant($"{Rate:0.##} requests/s keep the objective in {Held} of {Repeats} trials")
                + (FailedRate is { } failed ? FormattableString.Invariant($", {failed:0.##}/s in {FailedHeld} of {Repeats}.") : ".")
                + FormattableString.Invariant(
                    $" The share of trials that keep it at the lower rate is {Sure.Low:0.##} to {Sure.High:0.##} with 95 % confidence."
                )
                + Ending;

    private string Ending => Limit is null ? "" : $" {Limit}";
}

/// <summary>How the highest rate is looked for.</summary>
/// <param name="From">The rate to begin with.</param>
/// <param name="Most">No higher rate is tried.</param>
/// <param name="Precision">How near the two sides are to come, as a share.</param>
/// <param name="Repeats">Trials of each side at the end.</param>
internal sealed record CapacityPlan(double From, double Most, double Precision, int Repeats, TimeSpan Lasts);

/// <summary>
/// Finds the highest rate that keeps an objective by bisection, and tries both sides of it again: one trial is one sample of a machine that
/// does other things too.
/// </summary>
internal sealed class CapacityFinding(Func<double, Task<RateTrialResult>> tryAsync, CapacityPlan plan)
{
    private const double Least = 0.1;
    private const double Growth = 2;

    private readonly List<RateTrialResult> _trials = [];

    /// <summary>All that were run, in their order.</summary>
    public IReadOnlyList<RateTrialResult> Trials => _trials;

    public async Task<CapacityFound> FindAsync()
    {
        RateSearch search = new(plan.From, Growth, Least, plan.Most);
        string? limit = null;
        while (!search.IsWithin(plan.Precision))
        {
            double rate = search.Next;
            RateTrialResult trial = await JudgedAsync(rate);
            if (trial.Verdict == LoadVerdict.GeneratorBehind)
            {
                limit = GeneratorLimit(rate); // the rate is neither kept nor missed
                break;
            }
            search.Tell(trial.Verdict == LoadVerdict.Kept);
        }
        if (search.Best == 0)
        {
            return new CapacityFound(0, 0, plan.Repeats, search.Failed, 0, Shares.Wilson(0, 0, 0.95), limit);
        }
        if (limit is null && search.Failed is null)
        {
            limit = FormattableString.Invariant($"Higher rates than {plan.Most:0.##}/s were not tried (--most-rate).");
        }
        return await ConfirmAsync(search.Best, search.Failed, limit);
    }

    /// <summary>Down by the precision until most trials of a rate keep it.</summary>
    private async Task<CapacityFound> ConfirmAsync(double rate, double? failed, string? limit)
    {
        int failedHeld = failed is null ? 0 : await RepeatAsync(failed.Value);
        for (double tried = rate; ; tried /= 1 + plan.Precision)
        {
            int held = await RepeatAsync(tried);
            if (2 * held > plan.Repeats || tried <= Least)
            {
                return new CapacityFound(
                    held == 0 ? 0 : tried,
                    held,
                    plan.Repeats,
                    failed,
                    failedHeld,
                    Shares.Wilson(held, plan.Repeats, 0.95),
                    limit
                );
            }
            (failed, failedHeld) = (tried, held);
        }
    }

    private async Task<int> RepeatAsync(double rate)
    {
        int held = 0;
        for (int i = 0; i < plan.Repeats; i++)
        {
            held += (await JudgedAsync(rate)).Verdict == LoadVerdict.Kept ? 1 : 0;
        }
        return held;
    }

    /// <summary>Tried once more where something kept the generator busy.</summary>
    private async Task<RateTrialResult> JudgedAsync(double rate) =>
        await OneAsync(rate) is { Verdict: not LoadVerdict.GeneratorBehind } trial ? trial : await OneAsync(rate);

    private async Task<RateTrialResult> OneAsync(double rate)
    {
        RateTrialResult trial = await tryAsync(rate);
        _trials.Add(trial);
        return trial;
    }

    private static string GeneratorLimit(double rate) =>
        FormattableString.Invariant(
            $"The generator itself could not send {rate:0.##}/s on time; the service may do more: generate from another machine."
        );
}
