using Serverless.Inference.Serving;
using Serverless.Inference.Sessions;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Serving;

public sealed class ModelTallyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly ModelTally _tally = new(new ModelVersion("m", 1));

    [Fact]
    public void Read_BeforeTheFirstRequest_IsZeroThroughout()
    {
        ModelStatistics read = _tally.Read();

        Assert.Equal(
            (null, 0, 0, default(TimeSum), default(TimeSum)),
            (read.LastInference, read.Inferences, read.Executions, read.Success, read.Fail)
        );
        Assert.Empty(read.Runs);
    }

    [Fact]
    public void Requests_AddUp_BySuccessAndFailure()
    {
        _tally.Answered(new RequestTimes(Ms(1), Ms(2), Ms(3), Ms(4), Ms(5)), Now);
        _tally.Answered(new RequestTimes(Ms(1), Ms(2), Ms(3), Ms(4), Ms(5)), Now);
        _tally.Failed(Ms(7), Now + Ms(1));

        ModelStatistics read = _tally.Read();
        Assert.Equal((new TimeSum(2, Ms(30)), new TimeSum(1, Ms(7))), (read.Success, read.Fail));
        Assert.Equal(
            (new TimeSum(2, Ms(4)), new TimeSum(2, Ms(6)), new TimeSum(2, Ms(8)), new TimeSum(2, Ms(10))),
            (read.Queue, read.Input, read.Infer, read.Output)
        );
        Assert.Equal(Now + Ms(1), read.LastInference);
    }

    /// <summary>Callers choose how many rows they send; the sizes that are kept apart are few all the same.</summary>
    [Fact]
    public void Runs_AreCountedBySize_LargeOnesUnderTheNextPowerOfTwo()
    {
        foreach (long rows in new long[] { 1, 3, 3, 64, 65, 100, 128, 129 })
        {
            _tally.Ran(rows, new RunTimes(Ms(1), Ms(2), Ms(3)));
        }

        ModelStatistics read = _tally.Read();
        Assert.Equal((493, 8), (read.Inferences, read.Executions));
        Assert.Equal([(1, 1), (3, 2), (64, 1), (128, 3), (256, 1)], read.Runs.Select(run => (run.Rows, run.Infer.Count)));
        Assert.Equal(new TimeSum(3, Ms(9)), read.Runs[3].Output);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
