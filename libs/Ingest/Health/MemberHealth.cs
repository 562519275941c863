using System.Globalization;
using Serverless.Storage;

namespace Serverless.Ingest.Health;

/// <summary>
/// What follows from the reports of one store: who stopped, who is down, whose job is stuck. Where nobody reports nothing is missed: a
/// worker that ended since there was nothing to do took its report along. Thread-safe.
/// </summary>
internal sealed class MemberHealth
{
    private readonly HealthOptions _options;
    private readonly TimeProvider _time;
    private readonly BoundedLook<IReadOnlyList<MemberReport>> _look;

    // Ticks of UTC, since looks at queues and looks at all may come at once.
    private long _answered;

    public MemberHealth(IObjectStore store, HealthOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _look = new(new MemberReports(store, time).ReadAsync, options.AnswerWithin, time);
    }

    /// <summary>A store that does not answer is named by its own look; until reports can come in again, none is late.</summary>
    /// <returns>Who reported in time, what is wrong, and which jobs are in hand.</returns>
    internal async Task<MemberStanding> TakeAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<MemberReport> reports;
        try
        {
            reports = await _look.TakeAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _answered, _time.GetUtcNow().UtcTicks);
            return new MemberStanding([], [], Hands: null);
        }
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset answered = new(Volatile.Read(ref _answered), TimeSpan.Zero);
        List<ReportedMember> live = [];
        List<HealthFinding> findings = [];
        foreach (MemberReport report in reports)
        {
            TimeSpan late = now - (report.Next > answered ? report.Next : answered);
            if (late > _options.MemberLateBy)
            {
                findings.Add(Stopped(report));
                continue;
            }
            live.AddRange(report.Members.Select(member => member with { Heard = report.Written }));
            findings.AddRange(report.Members.SelectMany(FaultsOf));
        }
        return new MemberStanding(live, findings, WorkerHands.Of(reports, answered, now));
    }

    private HealthFinding Stopped(MemberReport report) =>
        new(
            $"member {report.Reporter}",
            $"its last report is of {At(report.Written)}"
                + string.Concat(report.Members.SelectMany(member => member.Jobs ?? []).Select(job => $"; it had job {job.Job} in hand")),
            $"the next by {At(report.Next)}, or {Seconds(_options.MemberLateBy)} later (Health:MemberLateBy), or its orderly end"
        );

    private IEnumerable<HealthFinding> FaultsOf(ReportedMember member)
    {
        if (member.Fault is { } fault)
        {
            yield return new HealthFinding($"member {member.Name}", $"down since {At(member.Since)}: {fault}", "a member that runs");
        }
        foreach (JobInHand job in member.Jobs ?? [])
        {
            if (job.Lane == JobLane.Short && _time.GetUtcNow() - job.Since > _options.StuckAfter)
            {
                yield return new HealthFinding(
                    $"member {member.Name}",
                    $"job {job.Job} is in hand since {At(job.Since)}",
                    $"an end of a short job within {Seconds(_options.StuckAfter)} (Health:StuckAfter)"
                );
            }
        }
    }

    private static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}

/// <param name="Live">Who reported in time.</param>
/// <param name="Hands">Null where the reports could not be read.</param>
internal sealed record MemberStanding(IReadOnlyList<ReportedMember> Live, IReadOnlyList<HealthFinding> Findings, WorkerHands? Hands);
