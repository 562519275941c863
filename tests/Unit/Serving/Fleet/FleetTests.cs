using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Captures;
using Serverless.Inference;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;
using Serverless.Storage;
using Serverless.Unit.Captures;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Serving.Fleet;

public sealed class FleetTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_AreSummed_EachOnceForWhatItCounted()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        (ServingTally Tally, FleetReporter Reporter) one = ProcessOf(store),
            two = ProcessOf(store);
        FleetReader reader = new(store, _time);
        Answer(one.Tally, 5, status: 200);
        await one.Reporter.TellAsync(Token);
        FleetDelta first = await reader.ReadAsync(Token);

        Answer(one.Tally, 10, status: 200);
        Answer(one.Tally, 3, status: 503);
        Answer(two.Tally, 7, status: 200, milliseconds: 2_000);
        await one.Reporter.TellAsync(Token);
        await two.Reporter.TellAsync(Token);
        FleetDelta second = await reader.ReadAsync(Token);
        FleetDelta third = await reader.ReadAsync(Token);

        Assert.Empty(first.Serving);
        ServingLine line = Assert.Single(second.Serving);
        Assert.Equal(new ServingCounts(20, 3, 7, (10 * 5) + (7 * 2_000)), line.Counts);
        Assert.Empty(third.Serving);
    }

    [Fact]
    public async Task WhatModelsSpent_IsSummedOverProcesses_SinceTheLookBefore()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        ModelTime spent = new(TimeSpan.FromSeconds(1), TimeSpan.Zero);
        (ServingTally Tally, FleetReporter Reporter) one = ProcessOf(store, () => spent),
            two = ProcessOf(store, () => new ModelTime(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3)));
        FleetReader reader = new(store, _time);
        Answer(one.Tally, 1, status: 200);
        await one.Reporter.TellAsync(Token);
        FleetDelta first = await reader.ReadAsync(Token);

        spent = new ModelTime(TimeSpan.FromSeconds(5), TimeSpan.Zero);
        await one.Reporter.TellAsync(Token);
        Answer(two.Tally, 1, status: 200);
        await two.Reporter.TellAsync(Token);
        FleetDelta second = await reader.ReadAsync(Token);

        Assert.Equal(default, first.Spent);
        Assert.Equal(new ModelTime(TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(3)), second.Spent);
        Assert.Equal(default, (await reader.ReadAsync(Token)).Spent);
    }

    [Fact]
    public void WhatCallersDidWrong_OrGaveUp_IsNotCounted_AndRefusalsAre()
    {
        ServingTally tally = new(new ObjectiveOptions());
        foreach (int status in (int[])[200, 400, 404, 422, 429, 499, 500, 504])
        {
            Answer(tally, 1, status);
        }

        Assert.Equal(new ServingCounts(4, 3, 0, 5), Assert.Single(tally.Lines).Counts);
    }

    [Fact]
    public void VersionsBeyondTheLimit_AreCountedTogether()
    {
        ServingTally tally = new(new ObjectiveOptions());
        for (int i = 0; i < ServingTally.MaxLines + 50; i++)
        {
            tally.Add(RecordOf(200) with { Version = i + 1 }, 5);
        }

        Assert.Equal(ServingTally.MaxLines + 1, tally.Lines.Count);
        Assert.Equal(50, tally.Lines.Single(line => line.Model == "(others)").Counts.Requests);
    }

    [Fact]
    public async Task AProcessWithoutNews_WritesNothing_AndOldReportsGo()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        (ServingTally tally, FleetReporter reporter) = ProcessOf(store);
        await reporter.TellAsync(Token);
        Assert.Equal(0, await store.ListAsync(FleetReport.Prefix, Token).CountAsync(Token));
        Answer(tally, 1, status: 200);
        await reporter.TellAsync(Token);
        string version = (await store.ListAsync(FleetReport.Prefix, Token).SingleAsync(Token)).Version;
        await reporter.TellAsync(Token);

        Assert.Equal(version, (await store.ListAsync(FleetReport.Prefix, Token).SingleAsync(Token)).Version);
        _time.Advance(TimeSpan.FromDays(2));
        await new FleetReader(store, _time).ReadAsync(Token);
        Assert.Equal(0, await store.ListAsync(FleetReport.Prefix, Token).CountAsync(Token));
    }

    private (ServingTally Tally, FleetReporter Reporter) ProcessOf(IObjectStore store, Func<ModelTime>? spent = null)
    {
        ServingTally tally = new(new ObjectiveOptions());
        CaptureWriter writer = new(store, new CaptureOptions(), _time, NullLogger<CaptureWriter>.Instance);
        return (tally, new FleetReporter(store, tally, writer, spent ?? (() => default), _time, NullLogger<FleetReporter>.Instance));
    }

    private static void Answer(ServingTally tally, int times, int status, double milliseconds = 5)
    {
        for (int i = 0; i < times; i++)
        {
            tally.Add(RecordOf(status), milliseconds);
        }
    }

    private static CaptureRecord RecordOf(int status) => TestCaptures.Prediction(TestCaptures.Start) with { Status = status };
}
