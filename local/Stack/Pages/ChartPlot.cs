using System.Globalization;
using System.Net;
using System.Text;
using Serverless.Validation.Reports;

namespace Serverless.Local.Stack.Pages;

/// <summary>Values of a chart.</summary>
/// <param name="Points">NaN is a gap.</param>
/// <param name="Style">A class of the page: one to four for colours, or mark; with "dots" its points are not joined.</param>
internal sealed record ChartSeries(string Name, string Style, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>What each point is, shown when it is pointed at; a line without them has no points.</summary>
    public IReadOnlyList<string> Titles { get; init; } = [];
}

/// <summary>A drawing of values over values as inline SVG, without a script; every text is escaped.</summary>
internal static class ChartPlot
{
    private const double Width = 820,
        Left = 64,
        Right = 16,
        Bottom = 40,
        Inner = 190,
        LegendRow = 18;
    private const double LegendLetter = 6.6; // pixels, about, of the page's font

    /// <summary>Colours and lines of the series, beside those of <see cref="ReportStyle"/>.</summary>
    public const string Css = """
        .one{--c:var(--mine)}.two{--c:var(--theirs)}.three{--c:var(--good)}.four{--c:var(--bad)}.mark{--c:var(--soft)}
        .line{fill:none;stroke:var(--c);stroke-width:2}.line.mark{stroke-dasharray:4 3;stroke-width:1.5}.point{fill:var(--c)}
        .legend{fill:var(--ink)}.ticky{text-anchor:end;fill:var(--soft)!important}.axis{fill:var(--soft)!important}figure{margin:0 0 16px}figcaption{font-weight:600;margin:4px 0}
        td,th{overflow-wrap:break-word}td.number,th.number{text-align:right}td.number{white-space:nowrap;font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}.soft{color:var(--soft)}
        """;

    public static string Draw(string title, string x, string y, IReadOnlyList<ChartSeries> series)
    {
        (double X, double Y)[] all = [.. series.SelectMany(one => one.Points).Where(point => double.IsFinite(point.X + point.Y))];
        Axis across = Axis.Over(0, all.Select(point => point.X).DefaultIfEmpty(1).Max());
        Axis up = Axis.Over(0, all.Select(point => point.Y).DefaultIfEmpty(1).Max());
        StringBuilder drawing = new();
        Frame frame = new(across, up, DrawLegend(drawing, series));
        DrawAxes(drawing, frame, x, y);
        foreach (ChartSeries one in series)
        {
            DrawSeries(drawing, one, frame);
        }
        return FormattableString.Invariant($"<figure><figcaption>{Escape(title)}</figcaption><svg viewBox=\"0 0 {Width} {frame.Height}\" ")
            + $"role=\"img\" aria-label=\"{Escape(title)}\">{drawing}</svg></figure>";
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <returns>Where the drawing below it begins.</returns>
    private static double DrawLegend(StringBuilder svg, IReadOnlyList<ChartSeries> series)
    {
        double x = Left,
            y = 4;
        foreach (ChartSeries one in series)
        {
            double width = 40 + (LegendLetter * one.Name.Length);
            if (x > Left && x + width > Width)
            {
                (x, y) = (Left, y + LegendRow);
            }
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"point {one.Style}\" x=\"{x:0.#}\" y=\"{y}\" width=\"12\" height=\"12\"/>"
                    + $"<text class=\"legend\" x=\"{x + 18:0.#}\" y=\"{y + 10}\">{Escape(one.Name)}</text>"
            );
            x += width;
        }
        return y + LegendRow + 6;
    }

    private static void DrawAxes(StringBuilder svg, Frame frame, string x, string y)
    {
        foreach (double tick in frame.Across.Ticks)
        {
            double at = frame.X(tick);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{at}\" x2=\"{at}\" y1=\"{frame.Top}\" y2=\"{frame.Height - Bottom}\"/>"
                    + $"<text class=\"tick\" x=\"{at}\" y=\"{frame.Height - Bottom + 16}\">{Label(tick)}</text>"
            );
        }
        foreach (double tick in frame.Up.Ticks)
        {
            double at = frame.Y(tick);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{at}\" y2=\"{at}\"/>"
                    + $"<text class=\"ticky\" x=\"{Left - 8}\" y=\"{at + 4}\">{Label(tick)}</text>"
            );
        }
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"axis\" x=\"{Left}\" y=\"{frame.Height - 6}\">↑ {Escape(y)}</text>"
                + $"<text class=\"axis\" x=\"{Width - Right}\" y=\"{frame.Height - 6}\" text-anchor=\"end\">{Escape(x)} →</text>"
        );
    }

    private static void DrawSeries(StringBuilder svg, ChartSeries series, Frame frame)
    {
        bool isJoined = !series.Style.Contains("dots", StringComparison.Ordinal);
        if (isJoined)
        {
            DrawLine(svg, series, frame);
        }
        for (int i = 0; i < series.Points.Count && (!isJoined || series.Titles.Count > 0); i++)
        {
            (double x, double y) = series.Points[i];
            if (double.IsFinite(x + y))
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<circle class=\"point {series.Style}\" cx=\"{frame.X(x)}\" cy=\"{frame.Y(y)}\" r=\"5\">"
                        + $"<title>{Escape(series.Titles.ElementAtOrDefault(i) ?? series.Name)}</title></circle>"
                );
            }
        }
    }

    private static void DrawLine(StringBuilder svg, ChartSeries series, Frame frame)
    {
        StringBuilder path = new();
        bool pen = false;
        foreach ((double x, double y) in series.Points)
        {
            bool isThere = double.IsFinite(x + y);
            if (isThere)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{frame.X(x)} {frame.Y(y)}");
            }
            pen = isThere;
        }
        svg.Append($"<path class=\"line {series.Style}\" d=\"{path}\"/>");
    }

    private static string Label(double tick) => tick.ToString("0.#####", CultureInfo.InvariantCulture);

    /// <summary>Where values stand in the drawing.</summary>
    private readonly record struct Frame(Axis Across, Axis Up, double Top)
    {
        public double Height => Top + Inner + Bottom;

        public double X(double value) => Math.Round(Left + (Share(Across, value) * (Width - Left - Right)), 1);

        public double Y(double value) => Math.Round(Height - Bottom - (Share(Up, value) * Inner), 1);

        private static double Share(Axis axis, double value) => (value - axis.Low) / (axis.High - axis.Low);
    }
}
