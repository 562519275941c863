using Serverless.Rollout.Guards;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

public sealed class LateTallyTests
{
    [Theory]
    [InlineData(19), InlineData(500), InlineData(40_000)]
    public void Add_HoweverMuch_KeepsFewBlocks_AndLosesNothing(int requests)
    {
        LateTally tally = new();

        for (int i = 0; i < requests; i++)
        {
            tally.Add(new ArmObservation(Failed: true, Invalid: false, Milliseconds: 5, Score: null), isCanary: i % 2 == 0);
        }

        Assert.InRange(tally.Blocks.Count, 1, LateTally.MaxBlocks);
        Assert.Equal(requests, tally.Blocks.Sum(block => block.Canary.Failed + block.Stable.Failed));
        Assert.Equal(requests, tally.Blocks.Sum(block => block.Canary.Latency.Total + block.Stable.Latency.Total));
        Assert.Equal(tally.Blocks.Select(block => block.Number).Order().Distinct(), tally.Blocks.Select(block => block.Number));
    }

    /// <summary>The whole step is judged anyway.</summary>
    [Fact]
    public void Since_IsOfEachBlockButTheFirst_TheLastFirst_AndSurvivesStorage()
    {
        LateTally tally = new();
        for (int i = 0; i < 70; i++)
        {
            tally.Add(new ArmObservation(Failed: i >= 40, Invalid: false, Milliseconds: null, Score: null), isCanary: true);
        }

        LateTally read = StoredJson.Read<LateTally>(StoredJson.Write(tally));

        Assert.Equal(
            [(3, 10L, 10L), (2, 30L, 30L), (1, 50L, 30L)],
            read.Since().Select(since => (since.Number, since.Canary.Requests, since.Canary.Failed))
        );
        Assert.Equal((tally.Size, tally.Begun), (read.Size, read.Begun));
    }
}
