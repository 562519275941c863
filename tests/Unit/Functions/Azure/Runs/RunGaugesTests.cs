using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Serverless.Functions.Azure.Runs;
using Serverless.Runs;
using Serverless.Unit.Telemetry;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class RunGaugesTests : IDisposable
{
    private const string Known = "serverless.orchestration.runs";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RunGauges _gauges;
    private readonly MeasuredValues _measured;

    public RunGaugesTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        (_gauges, _measured) = (new RunGauges(meters, _time), new MeasuredValues(meters));
    }

    public void Dispose()
    {
        _measured.Dispose();
        _gauges.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Runs_AreCountedByNameAndState_AndAStateThatEmptiesIsZero()
    {
        Look(("IngestAsset", RunStatus.Running), ("IngestAsset", RunStatus.Running), ("PromoteModel", RunStatus.Suspended));
        string[] before = _measured.Collect().Of(Known);
        Look(("IngestAsset", RunStatus.Completed));
        string[] after = _measured.Collect().Of(Known);

        Assert.Equal(
            ["name=IngestAsset state=running: 2", "name=PromoteModel state=suspended: 1"],
            before.Where(line => !line.EndsWith(": 0", StringComparison.Ordinal))
        );
        Assert.Contains("name=IngestAsset state=running: 0", after);
        Assert.Contains("name=PromoteModel state=suspended: 0", after);
        Assert.Equal(12, after.Length);
    }

    [Fact]
    public void Names_AreBounded_AndThoseBeyondAreCountedTogether()
    {
        Look([.. Enumerable.Range(0, RunGauges.MaxNames + 3).Select(i => ($"Run{i:00}", RunStatus.Failed))]);

        string[] told = _measured.Collect().Of(Known);

        Assert.Equal((RunGauges.MaxNames + 1) * Enum.GetValues<RunStatus>().Length, told.Length);
        Assert.Contains($"name={RunGauges.Others} state=failed: 3", told);
    }

    [Fact]
    public void WhatWasSeenLongAgo_IsNotTold()
    {
        Look(("IngestAsset", RunStatus.Running));
        _time.Advance(RunGauges.KeptFor + TimeSpan.FromSeconds(1));

        Assert.Empty(_measured.Collect().Of(Known));
    }

    private void Look(params (string Name, RunStatus Status)[] runs) =>
        _gauges.Look(
            runs.CountBy(run => new RunTallyKey(RunKind.Orchestration, run.Name, run.Status))
                .Append(new(new RunTallyKey(RunKind.Job, "AnalyseVideo", RunStatus.Running), 7))
                .ToDictionary()
        );
}
