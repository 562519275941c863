using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Http;

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
        DriftWindow window = WindowOf(From, Until) ?? DriftWindow.LastBefore(now, schedule.WindowHours);
        DateTimeOffset end = DriftWindow.LastBefore(now, hours: 1).Until.AddHours(1);
        if (window.Until > end)
        {
            throw RequestProblem.BadRequest($"until is {window.Until:u}; allowed is the end of this hour, {end:u}, at most.");
        }
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
    internal static DriftWindow? WindowOf(DateTimeOffset? from, DateTimeOffset? until)
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
        return window.Fault() is { } fault ? throw RequestProblem.BadRequest(fault) : window;
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
);

/// <summary>A window that later ones are to be held against.</summary>
internal sealed record PinQuery(DateTimeOffset From, DateTimeOffset Until, string Reason);
