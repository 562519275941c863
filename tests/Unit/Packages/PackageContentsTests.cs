using Serverless.Packages;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Packages;

public sealed class PackageContentsTests
{
    private const string Prompts = "config_sentence_transformers.json";

    [Theory]
    [InlineData("text-mean", Prompts, """{ "similarity_fn_name": "dot" }""", "similarity_fn_name is dot, which is not followed")]
    [InlineData("text-mean", "sentence_bert_config.json", """{ "do_lower_case": true }""", "do_lower_case is not followed")]
    [InlineData(
        "entities",
        Prompts,
        """{ "prompts": { "q": "q: " }, "default_prompt_name": "q" }""",
        "default_prompt_name is not followed"
    )]
    [InlineData("rerank", Prompts, """{ "activation_fn": "torch.nn.Tanh" }""", "The activation torch.nn.Tanh is not followed")]
    public void Notes_NameWhatIsNotFollowed(string model, string file, string content, string note)
    {
        using var package = new TemporaryPackage("noted", copyOf: model);
        File.WriteAllText(package.PathOf(file), content);

        PackageContents contents = Read(package);

        Assert.Contains(note, Assert.Single(contents.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_NameAnArchitectureOfNoTask()
    {
        using var package = new TemporaryPackage("speech", copyOf: "tensors-sums");
        File.WriteAllText(package.PathOf("config.json"), """{ "architectures": ["Wav2Vec2ForCTC"], "model_type": "wav2vec2" }""");

        PackageContents contents = Read(package);

        Assert.Equal(ModelTask.Tensors, contents.Task);
        Assert.Equal("The model answers raw tensors only: Wav2Vec2ForCTC is for no task that is answered here.", contents.Notes.Single());
    }

    [Fact]
    public void Prompt_IsThatOfTheDefaultName()
    {
        using var package = new TemporaryPackage("prompted", copyOf: "text-mean");
        File.WriteAllText(
            package.PathOf(Prompts),
            """{ "prompts": { "query": "query: " }, "default_prompt_name": "query", "similarity_fn_name": "cosine" }"""
        );

        PackageContents contents = Read(package);

        Assert.Equal(("query: ", 0), (contents.Prompt, contents.Notes.Count));
    }

    [Fact]
    public void Rejects_ADefaultPromptThatIsNotThere()
    {
        using var package = new TemporaryPackage("promised", copyOf: "text-mean");
        File.WriteAllText(package.PathOf(Prompts), """{ "prompts": {}, "default_prompt_name": "query" }""");

        var error = Assert.Throws<ModelRejectedException>(() => Read(package));

        Assert.Contains("\"default_prompt_name\": \"query\", which \"prompts\" does not have", error.Message, StringComparison.Ordinal);
    }

    private static PackageContents Read(TemporaryPackage package) =>
        PackageContents.Read(new PackageFiles(package.Folder, ModelLimits.Default), ModelLimits.Default);
}
