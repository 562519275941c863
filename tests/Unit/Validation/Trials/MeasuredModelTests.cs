using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Validation.Golden;
using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Validation.Trials;

public sealed class MeasuredModelTests : IDisposable
{
    private static readonly RuntimeOptions Options = new() { Threads = 1, Provider = ProviderPreference.Cpu };

    private readonly string _folder = Directory.CreateTempSubdirectory("measured-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sound", 1.0)]
    [InlineData("wrong-word", 0.99)] // wrong in ten of a thousand
    public async Task Open_WithAGoldenSet_TellsHowGoodItIs_AndAnswers(string candidate, double accuracy)
    {
        string golden = Path.Combine(_folder, "golden.jsonl");
        await File.WriteAllBytesAsync(golden, Candidates.Lines(Candidates.Golden()), Ct);

        await using MeasuredModel model = MeasuredModel.Open(Candidates.Folder(candidate), Options);
        model.Judge(golden);
        await model.ServeAsync(new ServingOptions { MaxBatchItems = 4 }, Ct);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => model.AskAsync(number, Ct)));

        Assert.Equal(("accuracy", 1_000, "CPU"), (model.Quality!.Metric, model.Quality.Items, model.Provider));
        Assert.Equal(accuracy, model.Quality.Value.Value, 1e-9);
        Assert.True(model.Quality.Value.Low <= accuracy && accuracy <= model.Quality.Value.High);
    }

    [Theory]
    [InlineData("text-embedding")]
    [InlineData("reranker")]
    [InlineData("entities")]
    [InlineData("topics")]
    [InlineData("things")]
    [InlineData("image-labels")]
    [InlineData("image-embedding")]
    [InlineData("text-image")]
    public async Task AskAsync_OfEachTask_AnswersMadeUpItems(string sample)
    {
        string folder = Path.Combine(Serverless.Local.Stack.Checkout.SamplesModels, sample, "1");

        await using MeasuredModel model = MeasuredModel.Open(folder, Options);
        await model.ServeAsync(new ServingOptions(), Ct);
        for (int number = 0; number < 3; number++)
        {
            await model.AskAsync(number, Ct);
        }

        Assert.Null(model.Quality);
    }

    [Fact]
    public async Task AskAsync_OfRawTensors_AnswersMadeUpOnes()
    {
        await using MeasuredModel model = MeasuredModel.Open(Serverless.Unit.Inference.TestModels.Data("models/tensors-sums/1"), Options);
        await model.ServeAsync(new ServingOptions(), Ct);

        await model.AskAsync(0, Ct);

        Assert.Equal(ModelTask.Tensors, model.Task);
    }

    [Fact]
    public async Task Open_WhatCannotBeOpened_OrJudged_IsRefused()
    {
        string golden = Path.Combine(_folder, "golden.jsonl");
        await File.WriteAllTextAsync(golden, """{"id":"a","text":"b"}""", Ct);

        await using MeasuredModel sound = MeasuredModel.Open(Candidates.Folder("sound"), Options);

        Assert.Throws<ModelRejectedException>(() => MeasuredModel.Open(Candidates.Folder("unopenable"), Options));
        Assert.Throws<GoldenException>(() => sound.Judge(golden));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
