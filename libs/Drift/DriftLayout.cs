using System.Globalization;

namespace Serverless.Drift;

/// <summary>Where summaries, references, evidence and reports lie.</summary>
internal static class DriftLayout
{
    /// <summary>Of all environments, as captures are.</summary>
    public static string HourOf(string model, int version, DateTimeOffset hour) =>
        string.Create(CultureInfo.InvariantCulture, $"drift/{model}/{version}/hours/{hour.UtcDateTime:yyyy'/'MM'/'dd'/'HH}.json.gz");

    public static string ReferenceOf(DriftSubject subject) => $"{FolderOf(subject)}/reference.json.gz";

    public static string EvidenceOf(DriftSubject subject) => $"{FolderOf(subject)}/evidence.json";

    public static string ReportsOf(DriftSubject subject) => $"{FolderOf(subject)}/reports/";

    public static string ReportOf(DriftSubject subject, string name) => $"{ReportsOf(subject)}{name}.json";

    private static string FolderOf(DriftSubject subject) => $"drift/{subject.Model}/{subject.Version}/{subject.Environment}";
}
