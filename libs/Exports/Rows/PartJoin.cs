using Serverless.Captures;

namespace Serverless.Exports.Rows;

/// <summary>Joins the rows and reports of one part. Which of two lines of one prediction counts does not depend on their order.</summary>
internal sealed class PartJoin(LeftOut leftOut)
{
    private readonly Dictionary<string, (string Line, ExportRow Row)> _rows = [];
    private readonly Dictionary<string, (string Line, ReportedRow Report)> _reports = [];

    public void Add(string line, SpooledLine spooled)
    {
        if (spooled.Row is { } row)
        {
            bool isFirst = !_rows.TryGetValue(row.Id, out var before);
            leftOut.Add(LeftOut.Doubled, isFirst ? 0 : 1);
            if (isFirst || string.CompareOrdinal(line, before.Line) < 0)
            {
                _rows[row.Id] = (line, row);
            }
        }
        else if (spooled.Report is { } report)
        {
            if (!_reports.TryGetValue(report.Id, out var before) || IsLater(line, report, before))
            {
                _reports[report.Id] = (line, report);
            }
        }
    }

    public IEnumerable<JoinedRow> Finish()
    {
        leftOut.Add(LeftOut.Orphaned, _reports.Keys.Count(id => !_rows.ContainsKey(id)));
        return _rows
            .Values.Select(found => new JoinedRow(found.Row, _reports.GetValueOrDefault(found.Row.Id).Report))
            .OrderBy(joined => PredictionHash.Of(joined.Row.Id, HashPurpose.Exports))
            .ThenBy(joined => joined.Row.Id, StringComparer.Ordinal);
    }

    private static bool IsLater(string line, ReportedRow report, (string Line, ReportedRow Report) before) =>
        report.Time != before.Report.Time ? report.Time > before.Report.Time : string.CompareOrdinal(line, before.Line) > 0;
}
