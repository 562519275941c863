using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunTableTests
{
    [Fact]
    public void OfTwoEntries_TheLaterStands_InWhicheverOrderTheyAreRead()
    {
        RunTable table = new(1_000);
        RunEntry early = RunsOf.Run("a", status: RunStatus.Running);
        RunEntry late = early with { Status = RunStatus.Completed, Updated = early.Updated.AddSeconds(1) };

        Assert.True(table.Apply(late));
        Assert.False(table.Apply(early));

        Assert.Equal(RunStatus.Completed, Assert.Single(table.Snapshot()).Status);
    }

    [Fact]
    public void WhatIsForgotten_StaysSo_WhenAnOlderFileIsRead()
    {
        RunTable table = new(1_000);
        RunEntry run = RunsOf.Run("a");

        table.Apply(run with { IsPurged = true, Updated = run.Updated.AddHours(1) });
        table.Apply(run);

        Assert.True(Assert.Single(table.Snapshot()).IsPurged);
    }

    [Fact]
    public void OfTooMany_TheOldestAreLeftOut_AndDoNotComeBack()
    {
        RunTable table = new(maxRuns: 100);
        RunEntry[] runs = [.. Enumerable.Range(0, 101).Select(i => RunsOf.Run($"{i}", i))];
        Array.ForEach(runs, run => table.Apply(run));

        table.Trim();

        Assert.Equal(95, table.Count);
        Assert.Equal(runs[5].Created.AddTicks(1), table.Forgotten);
        Assert.False(table.Apply(runs[0]));
        Assert.Equal(6, table.Snapshot().Min(run => int.Parse(run.Id, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void ASnapshot_DoesNotChange()
    {
        RunTable table = new(1_000);
        table.Apply(RunsOf.Run("a"));
        RunEntry[] before = table.Snapshot();

        table.Apply(RunsOf.Run("b"));

        Assert.Single(before);
        Assert.Equal(2, table.Snapshot().Length);
    }

    [Fact]
    public void Tallies_FollowEachChange_AndAreThoseOfACount()
    {
        RunTable table = new(maxRuns: 100);
        for (int i = 0; i < 130; i++)
        {
            RunEntry run = RunsOf.Run($"{i}", i, RunStatus.Running, i % 3 == 0 ? "PromoteModel" : "IngestAsset");
            table.Apply(run);
            table.Apply(run with { Status = (RunStatus)(i % 6), Updated = run.Updated.AddSeconds(1) });
            table.Apply(run); // is older
        }
        RunEntry purged = RunsOf.Run("129", 129);
        table.Apply(purged with { IsPurged = true, Updated = purged.Updated.AddHours(1) });

        table.Trim();

        Assert.Equal(
            table.Snapshot().Where(run => !run.IsPurged).CountBy(run => new RunTallyKey(run.Kind, run.Name, run.Status)).Order(ByKey),
            table.Tallies.Order(ByKey)
        );
    }

    private static IComparer<KeyValuePair<RunTallyKey, int>> ByKey =>
        Comparer<KeyValuePair<RunTallyKey, int>>.Create((a, b) => string.CompareOrdinal($"{a.Key}", $"{b.Key}"));
}
