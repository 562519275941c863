using Serverless.Inference;
using Serverless.Packages;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Packages;

public sealed class PoolingConfigTests
{
    private const string OldModules = """
        [
            { "idx": 0, "path": "", "type": "sentence_transformers.models.Transformer" },
            { "idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling" },
            { "idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize" }
        ]
        """;

    /// <summary>As sentence-transformers 5.4 names them.</summary>
    private const string NewModules = """
        [
            { "idx": 0, "path": "", "type": "sentence_transformers.base.modules.transformer.Transformer" },
            { "idx": 1, "path": "1_Pooling", "type": "sentence_transformers.sentence_transformer.modules.pooling.Pooling" },
            { "idx": 2, "path": "2_Normalize", "type": "sentence_transformers.base.modules.normalize.Normalize" }
        ]
        """;

    private const string Flags = """{ "word_embedding_dimension": 8, "pooling_mode_mean_tokens": true, "include_prompt": true }""";
    private const string Compact = """{ "embedding_dimension": 8, "pooling_mode": "mean", "include_prompt": true }""";

    [Theory]
    [InlineData(OldModules, Flags)]
    [InlineData(OldModules, Compact)]
    [InlineData(NewModules, Flags)]
    [InlineData(NewModules, Compact)]
    public void Find_TakesTheModulesAndThePoolingOfAnyRelease(string modules, string pooling)
    {
        using var package = new TemporaryPackage("pooled", copyOf: "text-mean");
        File.WriteAllText(package.PathOf("modules.json"), modules);
        File.WriteAllText(package.PathOf("1_Pooling/config.json"), pooling);

        PoolingConfig? found = PackageContents.Read(new PackageFiles(package.Folder, ModelLimits.Default), ModelLimits.Default).Pooling;

        Assert.Equal(new PoolingConfig(PoolingMode.Mean, Normalise: true, HasDense: false, Dimensions: 8), found);
    }

    [Theory]
    [InlineData("""{ "pooling_mode": "lasttoken" }""", PoolingMode.Last)]
    [InlineData("""{ "pooling_mode": ["weightedmean"] }""", PoolingMode.WeightedMean)]
    [InlineData("""{ "pooling_mode": "mean_sqrt_len_tokens" }""", PoolingMode.MeanSqrtLength)]
    public void Find_TakesEachCompactMode(string pooling, PoolingMode mode)
    {
        using var package = new TemporaryPackage("mode");
        File.WriteAllText(package.PathOf("1_Pooling/config.json"), pooling);

        PoolingConfig? found = PoolingConfig.Find(new PackageFiles(package.Folder, ModelLimits.Default));

        Assert.Equal(mode, found?.Mode);
    }

    [Fact]
    public void ACrossEncoderWithModules_RanksWithoutPooling()
    {
        using var package = new TemporaryPackage("cross", copyOf: "rerank");
        File.WriteAllText(
            package.PathOf("modules.json"),
            """[{ "idx": 0, "path": "", "type": "sentence_transformers.base.modules.transformer.Transformer" }, { "type": "x.LogitScore" }]"""
        );

        ModelPackage loaded = ModelPackage.Load(package.Folder, ModelLimits.Default);

        Assert.Equal((ModelTask.Reranking, null), (loaded.Task, loaded.Pooling));
    }
}
