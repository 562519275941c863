using System.Text;
using Serverless.Ingest.Analyzers;
using Serverless.Media.Text;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

public sealed class TextAnalyzerTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnalyseAsync_PieceByPiece_FindsWhatIsFoundAtOnce()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Analysis.PassageTokens = 8);
        TextAnalyzer texts = rig.Get<TextAnalyzer>();
        (TextDocument document, var passages) = Split(texts, repetitions: 600);
        List<int> pieces = [];

        TextAnalysis found = await texts.AnalyseAsync(document, passages, piece =>
        {
            pieces.Add(piece.Inputs.Count);
            return Task.FromResult(texts.ReadAll([piece], Token)[0]);
        });

        TextAnalysis expected = texts.Analyse(document, passages, Token);
        Assert.True(pieces.Count > 2);
        Assert.All(pieces, count => Assert.InRange(count, 1, 256));
        Assert.Equal(expected.Findings.Entities, found.Findings.Entities);
        Assert.Equal(expected.Vectors.Select(entry => entry.Place), found.Vectors.Select(entry => entry.Place));
        Assert.Equal(expected.Vectors[^1].Vector.ToArray(), found.Vectors[^1].Vector.ToArray());
    }

    /// <summary>A short text met while a long one has the models.</summary>
    [Fact]
    public async Task AnalyseAsync_OfAShortText_WaitsForAPieceOfALongOne_NotForAll()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Analysis.PassageTokens = 8);
        (TextAnalyzer texts, JobBatches batches) = (rig.Get<TextAnalyzer>(), rig.Get<JobBatches>());
        (TextDocument document, var passages) = Split(texts, repetitions: 3_000);
        (TextDocument little, var few) = Split(texts, repetitions: 1);
        int read = 0;
        Task<int>? readWhenShortEnded = null;

        await texts.AnalyseAsync(document, passages, async piece =>
        {
            readWhenShortEnded ??= ReadShortAsync();
            IReadOnlyList<PassageReading> readings = await batches.Texts.RunAsync(piece, Token);
            read++;
            return readings;
        });

        Assert.True(read > 8);
        Assert.InRange(await readWhenShortEnded!, 0, read / 2);

        async Task<int> ReadShortAsync()
        {
            await texts.AnalyseAsync(little, few, piece => batches.Texts.RunAsync(piece, Token));
            return read;
        }
    }

    private static (TextDocument Document, IReadOnlyList<PassageSplitter.Passage> Passages) Split(TextAnalyzer texts, int repetitions)
    {
        string text = string.Concat(Enumerable.Repeat("Maria Lopez said so in Port Alder. ", repetitions));
        TextDocument document = TextDocument.Read(Encoding.UTF8.GetBytes(text), "text/plain", new TextOptions(), Token);
        return (document, texts.Split(document));
    }
}
