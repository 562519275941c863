using System.Text.RegularExpressions;
using Serverless.Captures;

namespace Serverless.Exports.Asks;

/// <summary>Holds a plan against what may be asked for.</summary>
public static partial class ExportCheck
{
    /// <summary>In the order of the plan, each with what was found and what is allowed; none of a plan that may be run.</summary>
    public static IEnumerable<string> FindFaults(ExportPlan plan, DateTimeOffset now)
    {
        if (!IsName(plan.Name))
        {
            yield return $"name is '{plan.Name}'; allowed are 1 to 64 lower-case letters, digits and '-', a letter or digit first and "
                + "last.";
        }
        if (plan.Until <= plan.From || plan.Until - plan.From > CaptureReader.MaxWindow)
        {
            yield return $"The window from {plan.From:u} to {plan.Until:u} has {(plan.Until - plan.From).TotalDays:0.##} days; allowed are "
                + $"more than 0 and at most {CaptureReader.MaxWindow.TotalDays}.";
        }
        if (plan.Until > now)
        {
            yield return $"until is {plan.Until:u}; allowed is now, {now:u}, at most.";
        }
        foreach (string fault in FindFaults(plan.Filters).Concat(FindFaults(plan.Sample)))
        {
            yield return fault;
        }
        if (plan.Redact.Count > ExportLimits.MaxRedacted)
        {
            yield return $"redact has {plan.Redact.Count} types; allowed are {ExportLimits.MaxRedacted}.";
        }
    }

    /// <summary>Whether a text may be a name, and so a part of a path.</summary>
    public static bool IsName(string text) => NamePattern().IsMatch(text);

    private static IEnumerable<string> FindFaults(ExportFilters filters)
    {
        if (filters.Source is { } source && source is not (ExportSources.Api or ExportSources.Upload))
        {
            yield return $"filters.source is '{source}'; allowed are {ExportSources.Api} and {ExportSources.Upload}.";
        }
        if (filters.MinScore is { } score && !double.IsFinite(score))
        {
            yield return $"filters.minScore is {score}; allowed are finite numbers.";
        }
        if (filters.Labels is { Count: 0 or > ExportLimits.MaxLabels } labels)
        {
            yield return $"filters.labels has {labels.Count} labels; allowed are 1 to {ExportLimits.MaxLabels}.";
        }
    }

    private static IEnumerable<string> FindFaults(ExportSample sample)
    {
        if (sample.Share is not (> 0 and <= 1))
        {
            yield return $"sample.share is {sample.Share}; allowed is more than 0 and at most 1.";
        }
        if (sample.Rows is < 1 or > ExportLimits.MaxRows)
        {
            yield return $"sample.rows is {sample.Rows}; allowed are 1 to {ExportLimits.MaxRows}.";
        }
    }

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?\z")]
    private static partial Regex NamePattern();
}
