using System.Globalization;
using Serverless.Drift.Checks;

namespace Serverless.Drift;

/// <summary>Where summaries, references, evidence and reports lie.</summary>
internal static class DriftLayout
{
    /// <summary>Of all environments, as captures are.</summary>
    public static string HourOf(string model, int version, DateTimeOffset hour) =>
        string.Create(CultureInfo.InvariantCulture, $"drift/{model}/{version}/hours/{hour.UtcDateTime:yyyy'/'MM'/'dd'/'HH}.json.gz");

    public static string ReferenceOf(DriftSubject subject) => $"{FolderOf(subject)}/reference.json.gz";

    public static string GoldenOf(DriftSubject subject, string digest) => $"{FolderOf(subject)}/golden-{digest}.json.gz";

    /// <summary>Looks at one reference say nothing of another.</summary>
    public static string EvidenceOf(DriftSubject subject, DriftReference reference) =>
        reference == DriftReference.Pinned
            ? $"{FolderOf(subject)}/evidence.json"
            : $"{FolderOf(subject)}/evidence-{reference.ToString().ToLowerInvariant()}.json";

    public static string ReportsOf(DriftSubject subject) => $"{FolderOf(subject)}/reports/";

    public static string ReportOf(DriftSubject subject, string name) => $"{ReportsOf(subject)}{name}.json";

    private static string FolderOf(DriftSubject subject) => $"drift/{subject.Model}/{subject.Version}/{subject.Environment}";
}
