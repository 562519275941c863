using Serverless.Inference;
using Serverless.Inference.Serving;
using Xunit;

namespace Serverless.Unit.Inference.Serving;

/// <summary>What served models answer is what the same models answer offline.</summary>
public sealed class ServedModelTests
{
    private static readonly string[] Texts =
    [
        "Ada Lovelace met Charles Babbage in London .",
        "The engines",
        "",
        "new york is large , and paris is large",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text-mean")]
    [InlineData("text-fixed")]
    [InlineData("text-half")]
    public async Task Embed_Matches_TheEmbedder_OnTexts(string name)
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf(name), Ct);

        ServedAnswer<float[][]> answer = await lease.Model.EmbedAsync(Texts, default, Ct);

        using var embedder = new TextEmbedder(TestModels.Runtime, TestModels.Load(name));
        TestModels.AssertClose(embedder.Embed(Texts, Ct), answer.Value, 1e-6f);
        Assert.Equal(embedder.Model, answer.Model);
    }

    [Theory]
    [InlineData("the engines", 3, 0)] // "the", "engine", "##s"
    [InlineData("the ☃ engines", 4, 1)]
    public async Task Embed_CountsTokensThatTheVocabularyLacks(string text, int all, int unknown)
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);

        ServedAnswer<float[][]> answer = await lease.Model.EmbedAsync([text, text], default, Ct);

        Assert.Equal(new TokenCounts(2 * all, 2 * unknown), answer.Tokens);
    }

    [Fact]
    public async Task Embed_Matches_TheEmbedder_OnImages()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("image-half"), Ct);

        ServedAnswer<float[][]> answer = await lease.Model.EmbedAsync(TestModels.Pictures, default, Ct);

        using var embedder = new ImageEmbedder(TestModels.Runtime, TestModels.Load("image-half"));
        TestModels.AssertClose(embedder.Embed(TestModels.Pictures, Ct), answer.Value, 1e-6f);
    }

    [Fact]
    public async Task Entities_AreTheRecognizers_OfTextsLongerThanTheWindow()
    {
        string[] texts = [string.Join(' ', Enumerable.Repeat(Texts[0], 20)), .. Texts];
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("entities"), Ct);

        ServedAnswer<IReadOnlyList<EntitySpan>[]> answer = await lease.Model.EntitiesAsync(texts, default, Ct);

        using var recognizer = new EntityRecognizer(TestModels.Runtime, TestModels.Load("entities"));
        Assert.Equal(recognizer.Recognize(texts, Ct).Select(Names), answer.Value.Select(Names));

        static string Names(IReadOnlyList<EntitySpan> spans) =>
            string.Join(' ', spans.Select(s => $"{s.Start}+{s.Length}:{s.Type}:{s.Score:0.000}"));
    }

    [Fact]
    public async Task Classify_GivesTheBestLabels_OfImages()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("labels"), Ct);

        ServedAnswer<LabelScore[][]> answer = await lease.Model.ClassifyAsync(TestModels.Pictures, 2, default, Ct);

        using var classifier = new ImageClassifier(TestModels.Runtime, TestModels.Load("labels"));
        Assert.Equal(
            classifier.Classify(TestModels.Pictures, 2, Ct).Select(l => l.Select(s => s.Label)),
            answer.Value.Select(l => l.Select(s => s.Label))
        );
    }

    [Fact]
    public async Task Classify_GivesTheLabels_OfTexts()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("topics"), Ct);

        ServedAnswer<LabelScore[][]> answer = await lease.Model.ClassifyAsync(Texts, 1, default, Ct);

        Assert.All(answer.Value, labels => Assert.Equal("machines", Assert.Single(labels).Label));
    }

    [Fact]
    public async Task Rerank_GivesTheBestDocuments_BestFirst()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("rerank"), Ct);

        ServedAnswer<RankedDocument[]> answer = await lease.Model.RerankAsync("charles babbage", Texts, 3, default, Ct);

        float[] scores = TestModels.Expected("rerank")[0];
        Assert.Equal(Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take(3), answer.Value.Select(d => d.Index));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""", "problem_type": "regression" """, true)]
    [InlineData(""", "function_to_apply": "none" """, true)]
    [InlineData(""", "sentence_transformers": { "activation_fn": "torch.nn.modules.linear.Identity" } """, true)]
    [InlineData(""", "sbert_ce_default_activation_function": "torch.nn.Identity" """, true)]
    [InlineData(""", "problem_type": "regression", "sbert_ce_default_activation_function": "torch.nn.Sigmoid" """, false)]
    public async Task Rerank_RanksByTheRawOutput_AndScoresByThePackagesFunction(string settings, bool isRaw)
    {
        using TemporaryPackage package = SaturatedReranker.Make("saturated", settings);
        await using ModelServer server = TestServers.Start(fetch: (_, _) => Task.FromResult(package.Folder));
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("saturated"), Ct);

        ServedAnswer<RankedDocument[]> answer = await lease.Model.RerankAsync("storm", ["low", "mid", "high", "top"], null, default, Ct);

        Assert.Equal([3, 2, 1, 0], answer.Value.Select(d => d.Index));
        Assert.Equal(isRaw ? [25, 21, 18, 2] : [1, 1, 1, 0.8808f], answer.Value.Select(d => MathF.Round(d.Score, 4)));
    }

    [Fact]
    public async Task Detect_FindsWhatTheDetectorFinds()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("boxes"), Ct);

        ServedAnswer<DetectedObject[][]> answer = await lease.Model.DetectAsync(TestModels.Pictures, null, default, Ct);
        var error = await Assert.ThrowsAsync<ServingException>(() =>
            lease.Model.DetectAsync(TestModels.Pictures, new DetectionChoice(ScoreThreshold: 2), default, Ct)
        );

        Assert.Equal(TestModels.Expected("boxes").Select(b => b.Length / 6), answer.Value.Select(o => o.Length));
        Assert.Equal(ServingFault.InvalidInput, error.Fault);
    }

    [Fact]
    public async Task Times_AddUp_AndTellWhereTheyWent()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);

        ServedAnswer<float[][]> answer = await lease.Model.EmbedAsync(Texts, default, Ct);

        RequestTimes times = answer.Times;
        Assert.All(new[] { times.Overhead, times.Queue, times.Input, times.Infer, times.Output }, t => Assert.True(t >= TimeSpan.Zero));
        Assert.True(times.Infer > TimeSpan.Zero && times.Input > TimeSpan.Zero);
    }

    [Fact]
    public async Task WrongTask_IsRefused_ByName()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("labels"), Ct);

        var error = await Assert.ThrowsAsync<ServingException>(() => lease.Model.RerankAsync("query", ["document"], null, default, Ct));

        Assert.Equal(
            (ServingFault.WrongTask, "Model labels/1 is for ImageClassification; the request is for Reranking."),
            (error.Fault, error.Message)
        );
    }

    [Fact]
    public async Task ImagesThatAreNotTheirSize_AreRefused()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("labels"), Ct);

        var error = await Assert.ThrowsAsync<ServingException>(() =>
            lease.Model.ClassifyAsync([new RgbImage(new byte[5], 2, 1)], 1, default, Ct)
        );

        Assert.Equal(ServingFault.InvalidInput, error.Fault);
        Assert.Contains("2×1 has 5 bytes, not 6", error.Message, StringComparison.Ordinal);
    }
}
