using System.Globalization;
using Serverless.Rollout.Guards;

namespace Serverless.Rollout.Shadow;

/// <summary>
/// Whether a candidate may go on to answer callers, by what was measured when the shadow ends. The sequential guardrails end a shadow
/// early on strong evidence; a candidate that they had too little against must still keep its limits.
/// </summary>
public static class DiffGate
{
    public static IEnumerable<string> Problems(DiffReport report, GuardLimits limits)
    {
        if (limits.ErrorMargin is { } errors && report.Pairs > 0 && report.CandidateFaults - report.ReferenceFaults > errors * report.Pairs)
        {
            yield return $"The candidate failed on {report.CandidateFaults} of {report.Pairs} mirrored requests, the serving version on "
                + $"{report.ReferenceFaults}; allowed is {Percent(errors)} more.";
        }
        if (limits.InvalidMargin is { } invalid && report.CandidateInvalid > invalid * report.Pairs)
        {
            yield return $"{report.CandidateInvalid} of the candidate's {report.Pairs} outputs are "
                + $"invalid; allowed are {Percent(invalid)}.";
        }
        if (limits.MaxDisagreement is { } limit && report.Agreement is { } agreement && 1 - agreement > limit)
        {
            yield return $"The two versions disagree on {Percent(1 - agreement)} of {report.Compared} mirrored requests; allowed is "
                + $"{Percent(limit)}.";
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
}
