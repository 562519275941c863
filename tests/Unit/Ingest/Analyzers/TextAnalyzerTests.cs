using System.Numerics.Tensors;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Media.Text;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

public sealed class TextAnalyzerTests(SharedServers servers)
{
    private const string Sentence = "Ada Lovelace met Charles Babbage in London. ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnalyseAsync_OfALongText_FindsInEachPassageWhatIsInIt()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Analysis.PassageTokens = 8);
        TextAnalyzer texts = rig.Get<TextAnalyzer>();

        TextAnalysis one = await texts.AnalyseAsync(Source("a"), Repeat(1), Token);
        TextAnalysis many = await texts.AnalyseAsync(Source("b"), Repeat(1_500), Token);

        IEnumerable<(int, string)> expected = Enumerable
            .Range(0, 1_500)
            .SelectMany(i => one.Findings.Entities.Select(entity => (entity.Start + i * Sentence.Length, entity.Text)));
        Assert.NotEmpty(one.Findings.Entities);
        Assert.Equal(expected, many.Findings.Entities.Select(entity => (entity.Start, entity.Text)));
        Assert.Equal(1_500 * one.Findings.Passages.Count, many.Findings.Passages.Count);
        Assert.Equal(many.Findings.Passages.Count + 1, many.Vectors[0].Entries.Count);
        float cosine = TensorPrimitives.Dot(one.Vectors[0].Entries[0].Vector.Span, many.Vectors[0].Entries[^2].Vector.Span);
        Assert.Equal(1, cosine, 1e-4);
    }

    [Fact]
    public async Task AnalyseAsync_NamesTheVersionsThatAnswered_AndTheSpaceOfTheVectors()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);

        TextAnalysis found = await rig.Get<TextAnalyzer>().AnalyseAsync(Source("a"), Repeat(2), Token);

        Assert.Equal(
            [("textEmbedding", RigModels.NameOf("text-mean"), "1"), ("entities", RigModels.NameOf("entities"), "1")],
            found.Models.Select(model => (model.Role, model.Name, model.Version))
        );
        SpaceVectors vectors = Assert.Single(found.Vectors);
        Assert.StartsWith($"{RigModels.NameOf("text-mean")}-1-", vectors.Space.Name, StringComparison.Ordinal);
        Assert.All(vectors.Entries, entry => Assert.Equal(vectors.Space.Dimensions, entry.Vector.Length));
    }

    /// <summary>A short text met while a long one has the models.</summary>
    [Fact]
    public async Task AnalyseAsync_OfAShortText_DoesNotWaitForTheEndOfALongOne()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Analysis.PassageTokens = 8);
        TextAnalyzer texts = rig.Get<TextAnalyzer>();
        await texts.AnalyseAsync(Source("warm"), Repeat(1), Token);
        TextDocument document = Repeat(30_000);
        Task<TextAnalysis> slow = Task.Run(() => texts.AnalyseAsync(Source("a"), document, Token), Token);

        TextAnalysis fast = await texts.AnalyseAsync(Source("b"), Repeat(1), Token);

        Assert.False(slow.IsCompleted);
        Assert.NotEmpty(fast.Findings.Entities);
        await slow;
    }

    private static AssetSource Source(string name) => new("azure", "media", name, "1");

    private static TextDocument Repeat(int times) =>
        TextDocument.Read(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Sentence, times))),
            "text/plain",
            new TextOptions(),
            Token
        );
}
