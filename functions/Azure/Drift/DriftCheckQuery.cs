using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Drift;

namespace Serverless.Functions.Azure.Drift;

/// <summary>What is asked for.</summary>
/// <param name="Version">The one that serves where absent.</param>
/// <param name="From">Full hours of UTC; the last window that has ended where both are absent.</param>
/// <param name="Until">Not included; at most the end of this hour.</param>
/// <param name="Reference">As configured where absent.</param>
/// <param name="FollowUp">Whether what is configured follows from an alarm; false where absent.</param>
internal sealed record DriftCheckQuery(
    string Model,
    string? Environment = null,
    int? Version = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null,
    DriftReference? Reference = null,
    DriftLikeness? Likeness = null,
    bool FollowUp = false
)
{
    /// <exception cref="RequestProblem">The window is none that may be asked for.</exception>
    public DriftCheckRequest ToRequest(DriftSubject subject, DriftOptions options, DateTimeOffset now)
    {
        DriftSchedule schedule = options.ScheduleOf(subject.Model);
        DriftWindow window = WindowOf(From, Until, now) ?? DriftWindow.LastBefore(now, schedule.WindowHours);
        return new DriftCheckRequest(
            subject,
            window,
            Reference ?? schedule.Reference,
            Likeness ?? schedule.Likeness,
            window.Until > now ? now : null,
            Asked: true
        );
    }

    /// <summary>Null where neither is given.</summary>
    internal static DriftWindow? WindowOf(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now)
    {
        if (from is null && until is null)
        {
            return null;
        }
        if (from is not { } first || until is not { } last)
        {
            throw RequestProblem.BadRequest("from and until belong together; one of them is missing.");
        }
        DriftWindow window = new(first.ToUniversalTime(), last.ToUniversalTime());
        if (window.Fault() is { } fault)
        {
            throw RequestProblem.BadRequest(fault);
        }
        DateTimeOffset end = DriftWindow.LastBefore(now, hours: 1).Until.AddHours(1);
        return window.Until <= end
            ? window
            : throw RequestProblem.BadRequest($"until is {window.Until:u}; allowed is the end of this hour, {end:u}, at most.");
    }
}

/// <summary>Past windows that are to be checked one after the other.</summary>
/// <param name="From">Full hours of UTC.</param>
/// <param name="WindowHours">Of each; as configured where absent.</param>
/// <param name="RatePerMinute">Checks begun a minute; as configured where absent.</param>
internal sealed record DriftBackfillQuery(
    string Model,
    DateTimeOffset From,
    DateTimeOffset Until,
    string? Environment = null,
    int? Version = null,
    int? WindowHours = null,
    DriftReference? Reference = null,
    DriftLikeness? Likeness = null,
    int? RatePerMinute = null
)
{
    private const int MaxRatePerMinute = 6_000;
    private const int MaxDays = 400;

    /// <exception cref="RequestProblem">These are no windows that may be asked for.</exception>
    public BackfillInput ToInput(DriftSubject subject, DriftOptions options, DateTimeOffset now)
    {
        DriftSchedule schedule = options.ScheduleOf(subject.Model);
        int hours = WindowHours ?? schedule.WindowHours,
            rate = RatePerMinute ?? options.BackfillPerMinute;
        if (hours is < 1 or > DriftWindow.MaxHours)
        {
            throw RequestProblem.BadRequest($"windowHours is {hours}; allowed are 1 to {DriftWindow.MaxHours}.");
        }
        if (rate is < 1 or > MaxRatePerMinute)
        {
            throw RequestProblem.BadRequest($"ratePerMinute is {rate}; allowed are 1 to {MaxRatePerMinute}.");
        }
        DateTimeOffset from = From.ToUniversalTime(),
            until = Until.ToUniversalTime();
        if (from > now.AddHours(-hours))
        {
            throw RequestProblem.BadRequest($"from is {from:u}; the window of {hours} hours that begins then has not ended.");
        }
        DriftWindow first = new(from, from.AddHours(hours));
        if (first.Fault() is { } fault)
        {
            throw RequestProblem.BadRequest(fault);
        }
        if (until < first.Until || until > now || (until - from).TotalDays > MaxDays)
        {
            throw RequestProblem.BadRequest(
                $"until is {until:u}; allowed is a time from {first.Until:u} to now, at most {MaxDays} days after from."
            );
        }
        return new BackfillInput(subject, first, until, Reference ?? schedule.Reference, Likeness ?? schedule.Likeness, rate);
    }
}

/// <summary>A window that later ones are to be held against.</summary>
internal sealed record PinQuery(DateTimeOffset From, DateTimeOffset Until, string Reason)
{
    /// <summary>A reference that lacks hours which checks look for would never be compared with them.</summary>
    /// <exception cref="RequestProblem">The window is none that may be pinned.</exception>
    public DriftWindow ToWindow(DriftLikeness likeness, DateTimeOffset now)
    {
        DriftWindow window = DriftCheckQuery.WindowOf(From, Until, now)!;
        return window.Length >= likeness.Cycle()
            ? window
            : throw RequestProblem.BadRequest(
                $"The window from {window.From:u} to {window.Until:u} has {window.Length.TotalHours:0} hours; to compare like with like "
                    + $"(Drift:Likeness is {likeness}), a reference needs {likeness.Cycle().TotalHours:0} or more."
            );
    }
}
