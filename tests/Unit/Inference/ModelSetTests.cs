using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Inference;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class ModelSetTests
{
    private static string Samples => TestModels.Data("../../samples/models");

    [Fact]
    public void AddInference_LoadsTheSampleModels()
    {
        using ServiceProvider services = new ServiceCollection().AddInference(o => o.ModelsRoot = Samples).BuildServiceProvider();

        ModelSet models = services.GetRequiredService<ModelSet>();

        Assert.Equal(
            ["text-embedding/1", "entities/1", "image-labels/1", "image-embedding/1"],
            new[]
            {
                models.TextEmbedder.Model,
                models.EntityRecognizer.Model,
                models.ImageClassifier.Model,
                models.ImageEmbedder.Model,
            }.Select(m => $"{m.Name}/{m.Version}")
        );
    }

    [Fact]
    public void Samples_FindEntities()
    {
        const string text = "Maria Keller of Nordwind Energy travelled from Hamburg to Lisbon on Monday.";
        ModelSet models = Load();

        IReadOnlyList<EntitySpan> entities = models.EntityRecognizer.Recognize([text], TestContext.Current.CancellationToken)[0];

        Assert.Contains(("Maria Keller", "PER"), entities.Select(e => (text.Substring(e.Start, e.Length), e.Type)));
        Assert.Contains(("Lisbon", "LOC"), entities.Select(e => (text.Substring(e.Start, e.Length), e.Type)));
    }

    [Fact]
    public void Samples_PutRelatedTextsCloser()
    {
        ModelSet models = Load();

        float[][] vectors = models.TextEmbedder.Embed(
            ["The football team won the match", "A late goal decided the game", "The central bank raised interest rates"],
            TestContext.Current.CancellationToken
        );

        float Cosine(int i, int j) => System.Numerics.Tensors.TensorPrimitives.Dot(vectors[i], vectors[j]);
        Assert.True(Cosine(0, 1) > Cosine(0, 2), $"{Cosine(0, 1)} and {Cosine(0, 2)}");
    }

    [Fact]
    public void Load_OfSeveralBadModels_NamesThemAll()
    {
        var options = new InferenceOptions
        {
            ModelsRoot = TestModels.Data("models"),
            TextEmbedding = "text-truncated/1",
            Entities = "entities-wrong-width/1",
            ImageLabels = "absent/1",
            ImageEmbedding = "image-half/1",
        };

        var error = Assert.Throws<ModelRejectedException>(() => ModelSet.Load(TestModels.Runtime, options));

        Assert.Equal(3, error.Message.Split('\n').Length);
        Assert.All(["text-truncated/1", "entities-wrong-width/1", "absent/1"], (string name) =>
            Assert.Contains(name, error.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void AddInference_WithBadOptions_NamesThemAll()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddInference(o => (o.ModelsRoot, o.Threads, o.TextEmbedding) = ("/nowhere", -1, "../etc"))
            .BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<InferenceOptions>>().Value);

        Assert.All(["Threads", "TextEmbedding", "ModelsRoot"], (string name) =>
            Assert.Contains(name, error.Message, StringComparison.Ordinal)
        );
    }

    private static ModelSet Load() => ModelSet.Load(TestModels.Runtime, new InferenceOptions { ModelsRoot = Samples });
}
