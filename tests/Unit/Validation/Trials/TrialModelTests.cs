using Serverless.Inference;
using Serverless.Packages;
using Serverless.Unit.Inference;
using Serverless.Validation.Golden;
using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Validation.Trials;

public sealed class TrialModelTests
{
    /// <summary>By scores that a sigmoid makes equal, the gain of a good ranking would be that of any order.</summary>
    [Fact]
    public void Answer_OfAReranker_RanksByTheRawOutput()
    {
        using TemporaryPackage package = SaturatedReranker.Make("saturated");
        using var model = TrialModel.Open(ModelPackage.Load(package.Folder, ModelLimits.Default), TestModels.Runtime);
        var item = new GoldenItem
        {
            Id = "1",
            Text = "storm",
            Documents = ["low", "mid", "high", "top"],
        };

        ItemAnswer answer = Assert.Single(model.Answer([new TrialItem(item)]));

        Assert.Equal([2d, 18, 21, 25], answer.Scores);
    }
}
