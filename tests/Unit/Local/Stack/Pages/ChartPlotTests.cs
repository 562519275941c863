using System.Xml.Linq;
using Serverless.Local.Stack.Pages;
using Xunit;

namespace Serverless.Unit.Local.Stack.Pages;

public sealed class ChartPlotTests
{
    [Fact]
    public void Draw_PutsPointsWhereTheAxesSay_AndLeavesGaps()
    {
        XElement figure = XElement.Parse(
            ChartPlot.Draw(
                "A title",
                "x",
                "y",
                [
                    new ChartSeries("line", "one", [(0, 0), (5, double.NaN), (10, 100)]),
                    new ChartSeries("points", "two dots", [(10, 100), (double.NaN, 1)]) { Titles = ["the <top>"] },
                ]
            )
        );

        XElement point = Assert.Single(figure.Descendants("circle"));
        string path = figure.Descendants("path").Single().Attribute("d")!.Value;
        Assert.Equal($"M64 218M{point.Attribute("cx")!.Value} {point.Attribute("cy")!.Value}", path);
        Assert.Equal("the <top>", point.Element("title")!.Value);
        Assert.Contains(figure.Descendants("text"), text => text.Value == "100");
    }

    [Fact]
    public void Draw_OfNothing_IsStillADrawing() => XElement.Parse(ChartPlot.Draw("", "", "", [new ChartSeries("none", "one", [])]));

    [Fact]
    public void APage_EscapesAllTexts()
    {
        string page = new PageWriter("<t>")
            .Verdict(true, "<v>")
            .Facts(("<n>", "<f>"))
            .Table(
                1,
                ["<c>"],
                [
                    ["<r>"],
                ]
            )
            .Paragraph("<p1>")
            .ToString();

        Assert.DoesNotContain("<t>", page, StringComparison.Ordinal);
        Assert.All(new[] { "t", "v", "n", "f", "c", "r", "p1" }, text =>
            Assert.Contains($"&lt;{text}&gt;", page, StringComparison.Ordinal)
        );
    }
}
