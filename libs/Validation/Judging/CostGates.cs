using Serverless.Statistics.Comparisons;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;

namespace Serverless.Validation.Judging;

/// <summary>The gates of time and memory, measured on this host: against fixed limits, and against what serves.</summary>
internal sealed class CostGates(GateOptions options, TrialOptions trial)
{
    private const string LatencyGate = "latency";

    /// <summary>Of p90 over that of the median.</summary>
    private const double TailSlack = 5;

    /// <summary>A version is not blamed for what chance explains with a higher probability; two comparisons are made.</summary>
    private const double MostByChance = 0.02;

    public IEnumerable<Gate> Judge(IReadOnlyList<SideFinding> sides)
    {
        SideFinding candidate = sides[0];
        SideFinding? serving = sides.Count > 1 && sides[1].Milliseconds.Count > 0 ? sides[1] : null;
        if (candidate.Milliseconds.Count > 0)
        {
            yield return Latency(candidate, serving);
        }
        if (candidate.PeakBytes > 0)
        {
            yield return Memory(candidate, serving);
        }
    }

    /// <summary>Whether the times that a trial took speak against its candidate.</summary>
    public bool IsSlow(TrialRecord trial) => Judge(SideFinding.AllOf(trial)).Any(gate => gate is { Name: LatencyGate, Passed: false });

    private Gate Latency(SideFinding candidate, SideFinding? serving)
    {
        double most = options.MaxLatency.TotalMilliseconds;
        string found =
            $"median {candidate.P50Milliseconds:0.0#} ms, p90 {candidate.P90Milliseconds:0.0#} ms, p95 {candidate.P95Milliseconds:0.0#} ms";
        string wanted = $"p95 of at most {most:0} ms";
        if (serving is not null)
        {
            wanted +=
                $", median of at most {Allowed(serving.P50Milliseconds, 1):0.0#} ms"
                + $", p90 of at most {Allowed(serving.P90Milliseconds, TailSlack):0.0#} ms";
        }
        string? fault =
            candidate.P95Milliseconds > most
                ? $"One answer takes {candidate.P95Milliseconds:0.0#} ms at p95 on this host; allowed are {most:0} ms."
            : serving is null ? null
            : Slower("median", candidate, serving, s => s.P50Milliseconds, turn => turn.Min(), 1)
                ?? Slower("p90", candidate, serving, s => s.P90Milliseconds, turn => turn.Max(), TailSlack);
        string beside = serving is null ? "" : $"; version {serving.Version}, which serves, takes {serving.P50Milliseconds:0.0#} ms";
        return new Gate(
            LatencyGate,
            fault is null,
            found,
            wanted,
            fault ?? $"One answer takes {candidate.P50Milliseconds:0.0#} ms (median){beside}."
        );
    }

    /// <summary>Null too where the turns of both were slow alike, as they are when other work takes the host's processors.</summary>
    /// <param name="ofTurn">What stands for a turn: of the median its fastest answer, of p90 its slowest.</param>
    private string? Slower(
        string what,
        SideFinding candidate,
        SideFinding serving,
        Func<SideFinding, double> ofSide,
        Func<double[], double> ofTurn,
        double slack
    )
    {
        (double found, double served) = (ofSide(candidate), ofSide(serving));
        double allowed = Allowed(served, slack);
        return found <= allowed || ByChance(candidate, serving, ofTurn, allowed) > MostByChance
            ? null
            : $"One answer takes {found:0.0#} ms ({what}), {found - served:0.0#} ms more than version {serving.Version}, which "
                + $"serves, with {served:0.0#} ms; allowed are {allowed:0.0#} ms.";
    }

    /// <summary>
    /// How likely the candidate has so many more turns over the limit were both as fast. Both took their turns one after the other in an
    /// order that was drawn, with the same items, so that what disturbs a turn is as likely to disturb the one as the other.
    /// </summary>
    private static double ByChance(SideFinding candidate, SideFinding serving, Func<double[], double> ofTurn, double limit)
    {
        (bool Candidate, bool Serving)[] turns = [.. Over(candidate, ofTurn, limit).Zip(Over(serving, ofTurn, limit))];
        return LossTests.McNemar(turns.Count(t => t is (true, false)), turns.Count(t => t is (false, true)));
    }

    private static bool[] Over(SideFinding side, Func<double[], double> ofTurn, double limit) =>
        [.. side.Milliseconds.Chunk(TrialRunner.AnswersATurn).Select(turn => ofTurn(turn) > limit)];

    private double Allowed(double served, double slack) =>
        Math.Max(served * options.MaxLatencyRatio, served + (slack * options.LatencySlack.TotalMilliseconds));

    private Gate Memory(SideFinding candidate, SideFinding? serving)
    {
        double allowed = serving is null
            ? trial.MaxMemoryBytes
            : Math.Min(
                trial.MaxMemoryBytes,
                Math.Max(serving.PeakBytes * options.MaxMemoryRatio, serving.PeakBytes + options.MemorySlackBytes)
            );
        bool passed = candidate.PeakBytes <= allowed;
        string comparison = serving is null ? "" : $"; version {serving.Version}, which serves, took {Mega(serving.PeakBytes)} MB";
        return new Gate(
            "memory",
            passed,
            $"{Mega(candidate.PeakBytes)} MB",
            $"at most {Mega(allowed)} MB",
            $"The process took {Mega(candidate.PeakBytes)} MB at most{comparison}{(passed ? "." : $"; allowed are {Mega(allowed)} MB.")}"
        );
    }

    private static string Mega(double bytes) => $"{bytes / (1 << 20):#,0}";
}
