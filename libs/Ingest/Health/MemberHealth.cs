using System.Globalization;
using Serverless.Storage;

namespace Serverless.Ingest.Health;

/// <summary>
/// What follows from the reports of one store: who stopped, who is down, whose job is stuck. Where nobody reports nothing is missed: a
/// worker that ended since there was nothing to do took its report along. For one look at a time.
/// </summary>
public sealed class MemberHealth
{
    private readonly HealthOptions _options;
    private readonly TimeProvider _time;
    private readonly BoundedLook<IReadOnlyList<MemberReport>> _look;
    private DateTimeOffset _answered;

    public MemberHealth(IObjectStore store, HealthOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _look = new(new MemberReports(store, time).ReadAsync, options.AnswerWithin, time);
    }

    /// <summary>A store that does not answer is named by its own look; until reports can come in again, none is late.</summary>
    /// <returns>Who reported in time, and what is wrong.</returns>
    public async Task<(IReadOnlyList<ReportedMember> Live, IReadOnlyList<HealthFinding> Findings)> TakeAsync(
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<MemberReport> reports;
        try
        {
            reports = await _look.TakeAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _answered = _time.GetUtcNow();
            return ([], []);
        }
        List<ReportedMember> live = [];
        List<HealthFinding> findings = [];
        foreach (MemberReport report in reports)
        {
            TimeSpan late = _time.GetUtcNow() - (report.Next > _answered ? report.Next : _answered);
            if (late > _options.MemberLateBy)
            {
                findings.Add(Stopped(report));
                continue;
            }
            live.AddRange(report.Members);
            findings.AddRange(report.Members.SelectMany(FaultsOf));
        }
        return (live, findings);
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
