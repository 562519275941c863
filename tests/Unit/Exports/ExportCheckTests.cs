using Serverless.Exports.Asks;
using Xunit;

namespace Serverless.Unit.Exports;

public sealed class ExportCheckTests
{
    private static readonly DateTimeOffset Now = ExportRig.Start.AddDays(60);

    public static TheoryData<ExportPlan, string> Refused =>
        new()
        {
            { ExportRig.Plan with { Name = "A" }, "name is 'A'" },
            { ExportRig.Plan with { Name = "../a" }, "name is '../a'" },
            { ExportRig.Plan with { Until = ExportRig.Start }, "0 days" },
            { ExportRig.Plan with { Until = ExportRig.Start.AddDays(32) }, "32 days" },
            { ExportRig.Plan with { From = Now.AddDays(-1), Until = Now.AddHours(1) }, "until is" },
            { ExportRig.Plan with { Filters = new ExportFilters(Source: "else") }, "filters.source is 'else'" },
            { ExportRig.Plan with { Filters = new ExportFilters(Labels: []) }, "0 labels" },
            { ExportRig.Plan with { Sample = new ExportSample(Share: 0) }, "sample.share is 0" },
            { ExportRig.Plan with { Sample = new ExportSample(Share: double.NaN) }, "sample.share is NaN" },
            { ExportRig.Plan with { Sample = new ExportSample(Rows: 5_000_001) }, "sample.rows is 5000001" },
            { ExportRig.Plan with { Redact = [.. Enumerable.Repeat("PER", 65)] }, "redact has 65 types" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Rejects_WhatIsBeyondALimit(ExportPlan plan, string says)
    {
        Assert.Contains(says, Assert.Single(ExportCheck.FindFaults(plan, Now)), StringComparison.Ordinal);
    }

    [Fact]
    public void Accepts_AMonth()
    {
        Assert.Empty(ExportCheck.FindFaults(ExportRig.Plan with { Until = ExportRig.Start.AddDays(31) }, Now));
    }
}
