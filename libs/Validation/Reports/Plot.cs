using System.Globalization;
using System.Net;
using System.Text;
using Serverless.Statistics.Intervals;

namespace Serverless.Validation.Reports;

/// <summary>A row of a plot: a name, and an interval to draw.</summary>
/// <param name="Style">A class of the page's style: candidate, serving, good, bad or faint.</param>
internal readonly record struct PlotRow(string Name, string Note, Interval Interval, string Style);

/// <summary>Drawings as inline SVG, without a script; every text is escaped.</summary>
internal static class Plot
{
    private const double NameWidth = 190,
        NoteWidth = 250,
        Width = 820,
        RowHeight = 24,
        Top = 8,
        AxisHeight = 30;
    private const double Left = NameWidth,
        Right = Width - NoteWidth;

    /// <summary>Estimates with their intervals along one axis, and lines at values that matter.</summary>
    public static string Intervals(string title, IReadOnlyList<PlotRow> rows, IReadOnlyList<(double At, string Name)> marks)
    {
        double[] values =
        [
            .. rows.SelectMany(r => new[] { r.Interval.Low, r.Interval.High, r.Interval.Value })
                .Concat(marks.Select(m => m.At))
                .Where(double.IsFinite),
        ];
        Axis axis = Axis.Over(values.DefaultIfEmpty(0).Min(), values.DefaultIfEmpty(1).Max());
        StringBuilder svg = Begin(title, rows.Count);
        DrawAxis(svg, axis, rows.Count, "");
        foreach ((double at, string name) in marks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"mark\" x1=\"{X(axis, at)}\" x2=\"{X(axis, at)}\" y1=\"0\" "
                    + $"y2=\"{Bottom(rows.Count)}\"><title>{Escape(name)}</title></line>"
            );
        }
        for (int i = 0; i < rows.Count; i++)
        {
            PlotRow row = rows[i];
            double y = Top + ((i + 0.5) * RowHeight);
            DrawNames(svg, row.Name, row.Note, y);
            if (!double.IsFinite(row.Interval.Value + row.Interval.Low + row.Interval.High))
            {
                continue;
            }
            svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<line class=\"range {row.Style}\" x1=\"{X(axis, row.Interval.Low)}\" "
                        + $"x2=\"{X(axis, row.Interval.High)}\" y1=\"{y}\" y2=\"{y}\"/>"
                )
                .Append(
                    CultureInfo.InvariantCulture,
                    $"<circle class=\"{row.Style}\" cx=\"{X(axis, row.Interval.Value)}\" cy=\"{y}\" r=\"5\"/>"
                );
        }
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Single values as dots in rows, with a line at each row's median.</summary>
    public static string Dots(
        string title,
        string unit,
        IReadOnlyList<(string Name, string Note, IReadOnlyList<double> Values, double Median, string Style)> rows
    )
    {
        Axis axis = Axis.Over(0, rows.SelectMany(r => r.Values).DefaultIfEmpty(1).Max());
        StringBuilder svg = Begin(title, rows.Count);
        DrawAxis(svg, axis, rows.Count, unit);
        for (int i = 0; i < rows.Count; i++)
        {
            double y = Top + ((i + 0.5) * RowHeight);
            DrawNames(svg, rows[i].Name, rows[i].Note, y);
            for (int k = 0; k < rows[i].Values.Count; k++)
            {
                // beside each other, since many are alike
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<circle class=\"dot {rows[i].Style}\" cx=\"{X(axis, rows[i].Values[k])}\" cy=\"{y - 6 + (k % 5 * 3)}\" "
                        + $"r=\"2.5\"/>"
                );
            }
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"median\" x1=\"{X(axis, rows[i].Median)}\" x2=\"{X(axis, rows[i].Median)}\" y1=\"{y - 10}\" "
                    + $"y2=\"{y + 10}\"/>"
            );
        }
        return svg.Append("</svg>").ToString();
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static StringBuilder Begin(string title, int rows) =>
        new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {Bottom(rows) + AxisHeight}\" role=\"img\" "
                + $"aria-label=\"{Escape(title)}\"><title>{Escape(title)}</title>"
        );

    private static void DrawAxis(StringBuilder svg, Axis axis, int rows, string unit)
    {
        foreach (double tick in axis.Ticks)
        {
            svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<line class=\"grid\" x1=\"{X(axis, tick)}\" x2=\"{X(axis, tick)}\" y1=\"0\" y2=\"{Bottom(rows)}\"/>"
                )
                .Append(
                    CultureInfo.InvariantCulture,
                    $"<text class=\"tick\" x=\"{X(axis, tick)}\" y=\"{Bottom(rows) + 16}\">{Label(tick)}{unit}</text>"
                );
        }
    }

    private static void DrawNames(StringBuilder svg, string name, string note, double y) =>
        svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"name\" x=\"{Left - 14}\" y=\"{y + 4}\">{Escape(Short(name))}<title>{Escape(name)}</title></text>"
            )
            .Append(CultureInfo.InvariantCulture, $"<text class=\"note\" x=\"{Right + 14}\" y=\"{y + 4}\">{Escape(note)}</text>");

    private static string Label(double tick) => tick.ToString("0.#####", CultureInfo.InvariantCulture).Replace('-', '−');

    private static string Short(string name) => name.Length <= 26 ? name : name[..25] + "…";

    private static double Bottom(int rows) => (2 * Top) + (rows * RowHeight);

    private static double X(Axis axis, double value) =>
        Math.Round(Left + ((value - axis.Low) / (axis.High - axis.Low) * (Right - Left)), 1);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>A range with round ends and about five round ticks.</summary>
public sealed record Axis(double Low, double High, IReadOnlyList<double> Ticks)
{
    private static readonly double[] Steps = [1, 2, 5, 10];

    public static Axis Over(double low, double high)
    {
        double span = Math.Max(high - low, 1e-3);
        double power = Math.Pow(10, Math.Floor(Math.Log10(span / 4)));
        double step = Steps.Select(s => s * power).First(s => span / s <= 5);
        double first = Math.Floor(low / step),
            last = Math.Ceiling((low + span) / step);
        double[] ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 10))];
        return new Axis(ticks[0], ticks[^1], ticks);
    }
}
