using Microsoft.Extensions.Time.Testing;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Health;

public sealed class MemberHealthTests(SharedServers servers)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private S3ObjectStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWorker_ThatStopsReporting_IsMissed_WithTheJobThatItHad_UntilItIsBack()
    {
        (MemberReports reports, PipelineHealth health) = await OpenAsync();
        ReportedMember worker = new("w-1", _time.GetUtcNow(), Jobs: [new JobInHand("film", JobLane.Long, _time.GetUtcNow())]);
        await reports.WriteAsync("w-1", Interval, [worker], Token);

        DateTimeOffset heard = _time.GetUtcNow();
        PipelineReport live = await health.TakeAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(2));
        PipelineReport stopped = await health.TakeAsync(Token);
        await reports.WriteAsync("w-1", Interval, [worker with { Jobs = [] }], Token);
        _time.Advance(Interval);
        PipelineReport back = await health.TakeAsync(Token);

        Assert.Empty(live.Findings);
        Assert.Equal([("w-1", (DateTimeOffset?)heard)], live.Members.Select(member => (member.Name, member.Heard)));
        HealthFinding missed = Assert.Single(stopped.Findings);
        Assert.Equal("member w-1", missed.Thing);
        Assert.Contains("job film", missed.Found, StringComparison.Ordinal);
        Assert.Contains("60 s later (Health:MemberLateBy)", missed.Expected, StringComparison.Ordinal);
        Assert.Empty(stopped.Members);
        Assert.Empty(back.Findings);
    }

    [Fact]
    public async Task AWorker_ThatEndedInGoodOrder_IsNotMissed()
    {
        (MemberReports reports, PipelineHealth health) = await OpenAsync();
        await reports.WriteAsync("w-1", Interval, [new ReportedMember("w-1", _time.GetUtcNow(), Jobs: [])], Token);
        await reports.RemoveAsync("w-1", Token);
        _time.Advance(TimeSpan.FromMinutes(10));

        PipelineReport report = await health.TakeAsync(Token);

        Assert.Empty(report.Findings);
        Assert.Empty(report.Members);
    }

    [Fact]
    public async Task AShortJob_InHandForLong_IsNamed_AndALongOneIsNot()
    {
        (MemberReports reports, PipelineHealth health) = await OpenAsync();
        DateTimeOffset since = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(16));
        JobInHand[] jobs = [new("film", JobLane.Long, since), new("text", JobLane.Short, since)];
        await reports.WriteAsync("w-1", Interval, [new ReportedMember("w-1", since, Jobs: jobs)], Token);

        HealthFinding stuck = Assert.Single((await health.TakeAsync(Token)).Findings);

        Assert.Contains("job text", stuck.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMember_ThatItsSupervisorFindsDown_IsNamed_WithItsLastWords()
    {
        (MemberReports reports, PipelineHealth health) = await OpenAsync();
        DateTimeOffset since = _time.GetUtcNow();
        await reports.WriteAsync("stack", Interval, [new("events", since), new("lambda", since, "its last words: no disk")], Token);

        HealthFinding down = Assert.Single((await health.TakeAsync(Token)).Findings);

        Assert.Equal("member lambda", down.Thing);
        Assert.Contains($"since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: its last words: no disk", down.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReport_ThatIsNoJson_IsLate_AndTheOthersAreRead()
    {
        (MemberReports reports, PipelineHealth health) = await OpenAsync();
        await _store.WriteAsync(
            $"{AssetLayout.MembersPrefix}torn.json",
            new BinaryData("{").ToStream(),
            WriteCondition.Always,
            "a/b",
            Token
        );
        _time.Advance(TimeSpan.FromMinutes(2));
        await reports.WriteAsync("w-1", Interval, [new ReportedMember("w-1", _time.GetUtcNow(), Jobs: [])], Token);

        PipelineReport report = await health.TakeAsync(Token);

        Assert.Equal(["member torn"], report.Findings.Select(finding => finding.Thing));
        Assert.Equal(["w-1"], report.Members.Select(member => member.Name));
    }

    [Fact]
    public async Task RemoveForgotten_RemovesWhatIsOldAlone()
    {
        (MemberReports reports, _) = await OpenAsync();
        await reports.WriteAsync("w-1", Interval, [], Token);

        await reports.RemoveForgottenAsync(Token);
        bool young = await _store.FindAsync($"{AssetLayout.MembersPrefix}w-1.json", Token) is not null;
        _time.Advance(MemberReports.ForgottenAfter + TimeSpan.FromMinutes(1));
        await reports.RemoveForgottenAsync(Token);

        Assert.True(young);
        Assert.Null(await _store.FindAsync($"{AssetLayout.MembersPrefix}w-1.json", Token));
    }

    private async Task<(MemberReports Reports, PipelineHealth Health)> OpenAsync()
    {
        _store = await TestBucket.OpenAsync(servers);
        AssetStores stores = new([_store]);
        return (new MemberReports(_store, _time), new PipelineHealth(stores, new LedgerViews(stores, _time), new HealthOptions(), _time));
    }
}
