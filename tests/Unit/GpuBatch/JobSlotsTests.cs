using Microsoft.Extensions.Time.Testing;
using Serverless.GpuBatch;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Media;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.GpuBatch;

public sealed class JobSlotsTests
{
    private static readonly TaskCompletionSource Endless = new();
    private static readonly JobInHand Film = new("film", JobLane.Long, DateTimeOffset.UnixEpoch);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(MediaKind.Video, 1_000, true)]
    [InlineData(MediaKind.Text, 300_000, false)]
    [InlineData(MediaKind.Text, 3_000_000, true)]
    public void IsLong_WhatTakesMinutes(MediaKind kind, long bytes, bool expected) =>
        Assert.Equal(expected, SlotsOf(4).IsLong(ItemOf(kind, bytes)));

    [Fact]
    public void IsLong_WhatIsNoJob_IsNot() =>
        Assert.False(SlotsOf(4).IsLong(ItemOf(MediaKind.Text, 1) with { Body = new BinaryData("no json") }));

    [Fact]
    public void HasRoomFor_AShortJob_WhileLongOnesHaveTheirPlaces()
    {
        JobSlots slots = SlotsOf(3);
        TaskCompletionSource first = new();
        slots.Add(first.Task, Film);
        Assert.True(slots.HasRoomFor(isLong: true));
        slots.Add(Endless.Task, Film);

        Assert.Equal((false, true), (slots.HasRoomFor(isLong: true), slots.HasRoomFor(isLong: false)));

        first.SetResult();
        slots.ForgetEnded();
        Assert.Equal((true, 1), (slots.HasRoomFor(isLong: true), slots.Count));
    }

    [Fact]
    public void HasRoomFor_ALongJob_InTheOnlyPlace() => Assert.True(SlotsOf(1).HasRoomFor(isLong: true));

    [Fact]
    public void HandedBack_DoesNotCountAsAnAttempt()
    {
        WorkItem back = JobSlots.HandedBack(JobSlots.HandedBack(ItemOf(MediaKind.Video, 1)));

        Assert.Equal(2, AssetsJson.Read<GpuJobMessage>(back.Body).HandBacks);
    }

    [Theory]
    [InlineData(1, 0, 0, false)]
    [InlineData(2, 0, 0, false)]
    [InlineData(3, 0, 0, true)]
    [InlineData(3, 1, 0, false)]
    [InlineData(3, 0, 1, false)]
    [InlineData(4, 1, 0, true)]
    public void MustBeAlone_AfterItEndedTwiceWithItsWorker(int attempt, int handBacks, int faults, bool expected)
    {
        WorkItem item = ItemOf(MediaKind.Text, 1, revision: 2) with { Attempt = attempt }; // no less than a first analysis
        item = Enumerable.Range(0, handBacks).Aggregate(item, (before, _) => JobSlots.HandedBack(before));
        item = Enumerable.Range(0, faults).Aggregate(item, (before, _) => JobSlots.Faulted(before));

        Assert.Equal(expected, JobSlots.MustBeAlone(item));
    }

    [Fact]
    public void HasRoomFor_NoOther_WhileOneIsAlone()
    {
        JobSlots slots = SlotsOf(3);
        TaskCompletionSource alone = new();
        slots.Add(alone.Task, Film, isAlone: true);

        Assert.Equal((false, 0), (slots.HasRoomFor(isLong: false), slots.Free));

        alone.SetResult();
        slots.ForgetEnded();
        Assert.Equal((true, 3), (slots.HasRoomFor(isLong: false), slots.Free));
    }

    [Fact]
    public void HasRoomForOneAlone_OnceTheLongOnesHaveEnded_AndNoFurtherBegins()
    {
        JobSlots slots = SlotsOf(3);
        TaskCompletionSource film = new();
        slots.Add(film.Task, Film);

        Assert.False(slots.HasRoomForOneAlone());
        Assert.Equal((false, true), (slots.HasRoomFor(isLong: true), slots.HasRoomFor(isLong: false)));
        film.SetResult();
        slots.ForgetEnded();
        Assert.Equal((true, false), (slots.HasRoomForOneAlone(), slots.HasRoomFor(isLong: true)));
        _time.Advance(new WorkerOptions().Lease);
        Assert.True(slots.HasRoomFor(isLong: true)); // another worker has it
    }

    private JobSlots SlotsOf(int jobsAtOnce) => new(new WorkerOptions { JobsAtOnce = jobsAtOnce }, _time);

    private static WorkItem ItemOf(MediaKind kind, long bytes, int revision = 1)
    {
        AnalysisRequest request = new(new AssetSource("s3", "b", "media/a", "1"), kind, "a/b", bytes, 1, DateTimeOffset.UnixEpoch);
        request = request with { Revision = revision };
        GpuJobMessage job = new("job", request, InstanceId: null, DateTimeOffset.UnixEpoch);
        return new WorkItem("job", AssetsJson.Write(job), Attempt: 1, DateTimeOffset.UnixEpoch, "receipt");
    }
}
