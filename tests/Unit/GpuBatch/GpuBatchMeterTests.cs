using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Serverless.GpuBatch;
using Serverless.Media;
using Serverless.Unit.Telemetry;
using Xunit;

namespace Serverless.Unit.GpuBatch;

public sealed class GpuBatchMeterTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GpuBatchMeter _meter;
    private readonly MeasuredValues _measured;

    public GpuBatchMeterTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        (_meter, _measured) = (new GpuBatchMeter(meters, _time), new MeasuredValues(meters));
    }

    public void Dispose()
    {
        _measured.Dispose();
        _meter.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void AJob_CountsByKindAndOutcome_WithItsSeconds()
    {
        using (MeasuredJob job = _meter.JobTaken())
        {
            _time.Advance(TimeSpan.FromSeconds(7));
            (job.Kind, job.Outcome) = (MediaKind.Video, JobOutcome.Analysed);
        }
        using (MeasuredJob job = _meter.JobTaken())
        {
            job.Outcome = JobOutcome.LeaseLost;
        }

        Assert.Equal(["kind=unknown outcome=lease_lost: 1", "kind=video outcome=analysed: 1"], _measured.Of("serverless.gpu_batch.jobs"));
        Assert.Contains("kind=video outcome=analysed: 7", _measured.Of("serverless.gpu_batch.job.duration"));
        Assert.Equal([": 1"], _measured.Of("serverless.gpu_batch.leases.lost"));
    }

    [Fact]
    public void BusyTime_CountsJobsThatOverlapOnce_AndWhatStillGoesOn()
    {
        MeasuredJob first = _meter.JobTaken();
        _time.Advance(TimeSpan.FromSeconds(1));
        MeasuredJob second = _meter.JobTaken();
        _time.Advance(TimeSpan.FromSeconds(1));
        first.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        second.Dispose();
        _time.Advance(TimeSpan.FromSeconds(10));
        _meter.JobTaken();
        _time.Advance(TimeSpan.FromSeconds(2));

        _measured.Collect();

        Assert.Equal([": 5"], _measured.Of("serverless.gpu_batch.busy.time"));
        Assert.Equal([": 1"], _measured.Of("serverless.gpu_batch.jobs.active"));
    }

    [Fact]
    public void LooksWithoutJobs_AreNoBatches_AndHeartbeatsTellWhetherTheyWereWritten()
    {
        _meter.BatchTaken(0);
        _meter.BatchTaken(3);
        _meter.Reported(isWritten: true);
        _meter.Reported(isWritten: false);

        Assert.Equal([": 1"], _measured.Of("serverless.gpu_batch.batches"));
        Assert.Equal(["outcome=failed: 1", "outcome=written: 1"], _measured.Of("serverless.gpu_batch.heartbeats"));
    }
}
