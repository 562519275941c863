using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunGraphTests
{
    [Fact]
    public void WhatRunsAskedFor_IsCountedByEachWay()
    {
        RunEntry[] runs =
        [
            RunsOf.Run("a") with
            {
                Calls = "AdmitAsset 1 0;AnalyseAsset 3 2",
                Tags = ["startedBy:BlobArrived"],
            },
            RunsOf.Run("b", status: RunStatus.Failed) with
            {
                Calls = "admitasset 1 1",
                Tags = ["startedBy:BlobArrived", "asset:azure:media/a"],
            },
            RunsOf.Run("c", status: RunStatus.Running) with
            {
                Calls = "",
            },
        ];

        RunGraph graph = RunGraph.Of(runs, new RunFilter());

        Assert.Equal(new RunTally(3, 1, 1), graph.Runs["IngestAsset"]);
        Assert.Equal(
            [
                new RunEdge("BlobArrived", "IngestAsset", 2, 1),
                new RunEdge("IngestAsset", "AdmitAsset", 2, 1),
                new RunEdge("IngestAsset", "AnalyseAsset", 3, 2),
            ],
            graph.Edges
        );
        Assert.Equal(0, graph.Untold);
    }

    [Fact]
    public void ARunThatAnotherStarted_WasNotStartedByTheFunctionOfItsTag()
    {
        RunEntry child = RunsOf.Run("a:1", name: "WatchVersion") with { Parent = "a", Tags = ["startedBy:StartPromotion"], Calls = "" };

        Assert.Empty(RunGraph.Of([child], new RunFilter()).Edges);
    }

    [Fact]
    public void OfRunsThatEndedUnseen_TheGraphSaysHowMany()
    {
        RunEntry[] runs = [RunsOf.Run("a"), RunsOf.Run("b", status: RunStatus.Running), RunsOf.Run("c", minute: 90) with { Calls = "" }];

        Assert.Equal(1, RunGraph.Of(runs, new RunFilter()).Untold);
        Assert.Equal(0, RunGraph.Of(runs, new RunFilter { From = RunsOf.Start.AddHours(1) }).Untold);
    }

    [Theory]
    [InlineData("", 0), InlineData("A 1 0;B 2", 1), InlineData("A -1 0;B x 0;;C 5 1", 1), InlineData("A 99999999999 0", 0)]
    public void CallsOfAnotherForm_AreLeftOut(string text, int read) => Assert.Equal(read, RunCalls.Read(text).Count);

    [Fact]
    public void Calls_AreReadAsTheyWereWritten()
    {
        RunCall[] calls = [new("AdmitAsset", 1, 0), new("AnalyseAsset", 12, 3)];

        Assert.Equal(calls, RunCalls.Read(RunCalls.Write(calls)));
        Assert.Equal(calls, RunCalls.Read(RunCalls.Write([new("of another app; so named", 1, 0), .. calls])));
        Assert.Equal(
            RunCalls.MaxNames,
            RunCalls.Read(RunCalls.Write(Enumerable.Range(0, 100).Select(i => new RunCall($"A{i}", 1, 0)))).Count
        );
    }
}
