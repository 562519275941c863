using System.Text;
using Serverless.Validation.Reports;

namespace Serverless.Local.Stack.Pages;

/// <summary>Writes a page that reports measurements: one file that runs nothing and fetches nothing. Every text is escaped.</summary>
internal sealed class PageWriter
{
    private readonly StringBuilder _page = new();

    public PageWriter(string title)
    {
        _page
            .Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Append(Escape(title))
            .Append("</title><style>")
            .Append(ReportStyle.Css)
            .Append(ChartPlot.Css)
            .Append("</style></head><body><main><h1>")
            .Append(Escape(title))
            .Append("</h1>");
    }

    public PageWriter Verdict(bool isGood, string text) => Add($"<p class=\"verdict {(isGood ? "passed" : "failed")}\">{Escape(text)}</p>");

    public PageWriter Heading(string text) => Add($"<h2>{Escape(text)}</h2>");

    public PageWriter Paragraph(string text) => Add($"<p>{Escape(text)}</p>");

    public PageWriter Facts(params (string Name, string Value)[] facts)
    {
        Add("<dl>");
        foreach ((string name, string value) in facts)
        {
            Add($"<div class=\"wide\"><dt>{Escape(name)}</dt><dd>{Escape(value)}</dd></div>");
        }
        return Add("</dl>");
    }

    public PageWriter Chart(string title, string x, string y, params ChartSeries[] series) => Add(ChartPlot.Draw(title, x, y, series));

    /// <param name="words">How many of the first columns are words; numbers stand to the right.</param>
    public PageWriter Table(int words, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Add("<div class=\"scroll\"><table><thead><tr>");
        AddCells("th", words, columns);
        Add("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in rows)
        {
            Add("<tr>");
            AddCells("td", words, row);
            Add("</tr>");
        }
        return Add("</tbody></table></div>");
    }

    public override string ToString() => _page + "</main></body></html>\n";

    private void AddCells(string tag, int words, IReadOnlyList<string> cells)
    {
        for (int i = 0; i < cells.Count; i++)
        {
            Add($"<{tag}{(i < words ? "" : " class=\"number\"")}>{Escape(cells[i])}</{tag}>");
        }
    }

    private PageWriter Add(string html)
    {
        _page.Append(html);
        return this;
    }

    private static string Escape(string text) => ChartPlot.Escape(text);
}
