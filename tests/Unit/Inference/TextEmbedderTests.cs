using Serverless.Inference;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class TextEmbedderTests
{
    /// <summary>Those of make.py.</summary>
    private static readonly string[] Texts =
    [
        "Ada Lovelace met Charles Babbage in London .",
        "The engines",
        "",
        "new york is large , and paris is large , the engine wrote to her in london .",
    ];

    [Theory]
    [InlineData("text-mean", 1e-5f)] // int64, all three inputs, mean, normalised
    [InlineData("text-cls-int32", 1e-5f)] // onnx/model.onnx, int32, no token_type_ids, CLS, not normalised
    [InlineData("text-fixed", 1e-5f)] // batch fixed to 2, length to 16, max
    [InlineData("text-half", 1e-3f)] // float16 output
    [InlineData("text-pooled", 1e-5f)] // sentence_embedding by the graph, no mask, so that lengths must not be mixed
    [InlineData("text-unconfigured", 1e-5f)] // no modules.json
    [InlineData("text-external", 1e-5f)] // weights.bin beside model.onnx
    public void Embed_Matches_PyTorch_On_Texts(string model, float tolerance)
    {
        // Without a mask padding would be seen: one text a run.
        using var runtime = new InferenceRuntime(new RuntimeOptions { MaxBatchTokens = model == "text-pooled" ? 1 : 4_096 });
        var embedder = new TextEmbedder(runtime, TestModels.Load(model));

        float[][] vectors = embedder.Embed(Texts, TestContext.Current.CancellationToken);

        Assert.Equal(8, embedder.Dimensions);
        TestModels.AssertClose(
            TestModels.Expected(model is "text-unconfigured" or "text-external" ? "text-mean" : model),
            vectors,
            tolerance
        );
    }

    [Fact]
    public void Embed_InBatchesByBudget_NeitherLosesNorReorders()
    {
        using var runtime = new InferenceRuntime(new RuntimeOptions { MaxBatchTokens = 40 });
        var embedder = new TextEmbedder(runtime, TestModels.Load("text-mean"));
        int[] picks = [.. Enumerable.Range(0, 60).Select(i => i * 7 % 4)];

        float[][] vectors = embedder.Embed([.. picks.Select(i => Texts[i])], TestContext.Current.CancellationToken);

        TestModels.AssertClose([.. picks.Select(i => TestModels.Expected("text-mean")[i])], vectors, 1e-5f);
        ModelUsage usage = runtime.Usage.Single();
        Assert.Equal(61, usage.Items); // with the trial
        Assert.True(usage.Units <= usage.Batches * 40, $"{usage.Units} padded tokens in {usage.Batches} batches");
        Assert.True(usage.RunTime > TimeSpan.Zero);
    }

    [Fact]
    public void Embed_PutsTheDefaultPromptBeforeEachText()
    {
        using var package = new TemporaryPackage("prompted", copyOf: "text-mean");
        package.WriteJson(
            "config_sentence_transformers.json",
            new { prompts = new { query = "the engine , ", passage = "" }, default_prompt_name = "query" }
        );
        using var prompted = new TextEmbedder(TestModels.Runtime, ModelPackage.Load(package.Folder, ModelLimits.Default));
        using var plain = new TextEmbedder(TestModels.Runtime, TestModels.Load("text-mean"));

        float[][] vectors = prompted.Embed(["new york"], TestContext.Current.CancellationToken);

        TestModels.AssertClose(plain.Embed(["the engine , new york"], TestContext.Current.CancellationToken), vectors, 1e-6f);
    }

    [Theory]
    [InlineData("left", "paris")]
    [InlineData("right", "london")]
    public void Embed_CutsTheSideThatTheFilesName(string side, string kept)
    {
        using var package = new TemporaryPackage("cut", copyOf: "text-mean");
        package.WriteJson("tokenizer_config.json", new { do_lower_case = true, truncation_side = side });
        using var embedder = new TextEmbedder(TestModels.Runtime, ModelPackage.Load(package.Folder, ModelLimits.Default));
        string text = string.Join(' ', Enumerable.Repeat("london", 62).Concat(Enumerable.Repeat("paris", 62)));

        float[][] vectors = embedder.Embed([text, string.Join(' ', Enumerable.Repeat(kept, 62))], TestContext.Current.CancellationToken);

        TestModels.AssertClose([vectors[1]], [vectors[0]], 1e-6f);
    }

    [Theory]
    [InlineData("text-mean", 64)]
    [InlineData("text-fixed", 16)]
    public void MaxTokens_IsTheLeastThatTheFilesName(string model, int tokens)
    {
        var embedder = new TextEmbedder(TestModels.Runtime, TestModels.Load(model));

        Assert.Equal(tokens, embedder.MaxTokens);
    }

    [Fact]
    public void Embed_OnManyThreads_AnswersAlike()
    {
        var embedder = new TextEmbedder(TestModels.Runtime, TestModels.Load("text-mean"));
        var results = new float[32][][];

        Parallel.For(0, results.Length, i => results[i] = embedder.Embed(Texts, TestContext.Current.CancellationToken));

        Assert.All(results, r => TestModels.AssertClose(TestModels.Expected("text-mean"), r, 1e-5f));
    }
}
