using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Inference.Sessions;

/// <summary>Nothing else may run models meanwhile: the pool is the process's.</summary>
[Collection(nameof(Alone))]
public sealed class RunSharesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shares_OfRunsThatGoOnAtOnce_AddUpToWhatModelsUsed()
    {
        using InferenceRuntime runtime = new(new RuntimeOptions());
        using TextEmbedder first = new(runtime, TestModels.Load("text-mean"));
        using TextEmbedder second = new(runtime, TestModels.Load("text-fixed"));
        string[] texts = [.. Enumerable.Repeat("a cat sat on the mat", 2_000)];
        TimeSpan spentBefore = Spent(runtime);
        TimeSpan totalBefore = InferenceRuntime.ProcessorTime;

        await Task.WhenAll(new[] { first, second, first, second }.Select(embedder => Task.Run(() => embedder.Embed(texts, Token), Token)));

        TimeSpan total = InferenceRuntime.ProcessorTime - totalBefore;
        Assert.Equal(
            total.TotalMilliseconds,
            (Spent(runtime) - spentBefore).TotalMilliseconds,
            tolerance: 2 + (total.TotalMilliseconds / 20)
        );
        Assert.All(runtime.Spending, spending => Assert.Equal(4_001, spending.Items));
        Assert.All(runtime.Spending, spending => Assert.Equal(TimeSpan.Zero, spending.Gpu));
    }

    [Fact]
    public async Task WhatRequestsAreToldThatTheySpent_AddsUpToWhatTheModelDid()
    {
        using InferenceRuntime runtime = new(new RuntimeOptions());
        await using ModelServer server = new(
            runtime,
            (version, _) => Task.FromResult(TestModels.Folder(version.Name)),
            new ServingOptions(),
            TimeProvider.System
        );
        using ModelLease lease = await server.AcquireAsync(new ModelVersion("text-mean", 1), Token);
        TimeSpan before = Spent(runtime);

        ServedAnswer<float[][]>[] answers = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(i => lease.Model.EmbedAsync([.. Enumerable.Repeat("a cat sat", i)], default, Token))
        );

        Assert.All(answers, answer => Assert.True(answer.Spent.Processor > TimeSpan.Zero));
        Assert.Equal(Spent(runtime) - before, answers.Aggregate(TimeSpan.Zero, (sum, answer) => sum + answer.Spent.Processor));
    }

    [Fact]
    public void Spending_OutlivesTheSession()
    {
        using InferenceRuntime runtime = new(new RuntimeOptions());
        new TextEmbedder(runtime, TestModels.Load("text-mean")).Dispose();
        new TextEmbedder(runtime, TestModels.Load("text-mean")).Dispose();

        Assert.Empty(runtime.Usage);
        Assert.Equal(
            ("text-mean", "1", 2),
            (runtime.Spending.Single().Model, runtime.Spending.Single().Version, runtime.Spending.Single().Items)
        );
    }

    private static TimeSpan Spent(InferenceRuntime runtime) =>
        runtime.Spending.Aggregate(TimeSpan.Zero, (sum, spending) => sum + spending.Processor);
}
