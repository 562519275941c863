using Serverless.Inference;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class TextClassifierTests
{
    private static readonly string[] Texts =
    [
        "Ada Lovelace met Charles Babbage in London .",
        "The engines",
        "",
        "new york is large , and paris is large , the engine wrote to her in london .",
    ];

    [Fact]
    public void Scores_Match_PyTorch_OnTheRecordedTexts()
    {
        using var classifier = new TextClassifier(TestModels.Runtime, TestModels.Load("topics"));

        IReadOnlyList<IReadOnlyList<LabelScore>> found = classifier.Classify(Texts, 3, TestContext.Current.CancellationToken);

        TestModels.AssertClose(
            TestModels.Expected("topics"),
            [.. found.Select(labels => classifier.Labels.Select(l => labels.Single(f => f.Label == l).Score).ToArray())],
            1e-5f
        );
        Assert.All(found, labels => Assert.Equal("machines", labels[0].Label));
    }

    [Fact]
    public void Pairs_Match_PyTorch_WhereTheLongerTextGivesWay()
    {
        using var encoder = new CrossEncoder(TestModels.Runtime, TestModels.Load("rerank"));

        PairScore[] scores = encoder.Score("charles babbage", Texts, TestContext.Current.CancellationToken);

        TestModels.AssertClose(
            TestModels.Expected("rerank"),
            [
                [.. scores.Select(s => s.Score)],
            ],
            1e-5f
        );
    }

    [Fact]
    public void Rejects_ModelsOfAnotherTask()
    {
        Assert.Contains(
            "a model for Reranking; expected one for TextClassification",
            Assert.Throws<ModelRejectedException>(() => new TextClassifier(TestModels.Runtime, TestModels.Load("rerank"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a model for TextClassification; expected one for Reranking",
            Assert.Throws<ModelRejectedException>(() => new CrossEncoder(TestModels.Runtime, TestModels.Load("topics"))).Message,
            StringComparison.Ordinal
        );
    }
}
