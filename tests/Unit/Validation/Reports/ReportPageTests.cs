using Serverless.Validation.Reports;
using Xunit;

namespace Serverless.Unit.Validation.Reports;

public sealed class ReportPageTests
{
    [Fact]
    public void Page_EscapesWhatOthersWrote_AndRunsNothing()
    {
        const string evil = "<script>alert(1)</script>";
        ValidationReport report = new()
        {
            Id = "1",
            Model = "candidate",
            Version = 2,
            Serving = 1,
            Environment = "prod",
            At = DateTimeOffset.UnixEpoch,
            Passed = false,
            Gates = [new Gate(evil, false, evil, evil, evil)],
            Metrics = [new MetricFinding("accuracy", evil, new(0.9, 0.8, 1), new(0.9, 0.8, 1), new(0, -0.1, 0.1), 0.5, 0.02, 0.03)],
            Slices = [new("language", evil, 20, true, 0.9, new(0, -0.1, double.NaN), 1, false)],
            Worse = [new WorseItem(evil, evil, evil, evil)],
        };

        string page = ReportPage.Write(report);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Refused: 1 of 1 gates not passed", page, StringComparison.Ordinal);
    }
}
