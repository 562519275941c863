using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Vectors;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>
/// After another version of the embedding model serves, every passage is embedded anew, while what does it is killed. No kill makes more
/// be done twice than one batch: what the run has in hand at once, of a long text one part.
/// </summary>
public sealed class ReanalysisKillTests
{
    private const string Model = "text-embedding";
    private const string Environment = "dev"; // whose aliases move without a promotion

    /// <summary>Tokens of a part of a long text, as TextAnalyzer hands them to a model.</summary>
    private const int PartTokens = 8_192;

    /// <summary>Texts that Reanalyse has in hand.</summary>
    private const int AtOnce = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Passages_EmbeddedAnewUnderKills_AreInTheNewSpaceOnce_AndAtMostABatchTwice() =>
        KillAsync("reanalysis-kills", new Corpus(Short: 20, ShortPassages: 5, Long: 1, LongPassages: 600, PassageTokens: 96), kills: 3);

    [Fact(Explicit = true)]
    public Task AHundredThousandPassages_EmbeddedAnewUnderKills_AreInTheNewSpaceOnce_AndAtMostABatchTwice() =>
        KillAsync(
            "reanalysis-kills-many",
            new Corpus(Short: 200, ShortPassages: 200, Long: 30, LongPassages: 2_000, PassageTokens: 12),
            kills: 5
        );

    private sealed record Corpus(int Short, int ShortPassages, int Long, int LongPassages, int PassageTokens)
    {
        public int Passages => Short * ShortPassages + Long * LongPassages;

        public TimeSpan Limit => TimeSpan.FromSeconds(180 + Passages / 30);

        /// <summary>The most that is in hand at once, of each of its texts one part.</summary>
        public int Batch
        {
            get
            {
                int longs = Math.Min(Long, AtOnce);
                return longs * (PartTokens / PassageTokens) + (AtOnce - longs) * ShortPassages;
            }
        }

        /// <summary>Of sentences so long that each is one passage. No two texts are equal: the second would be copied.</summary>
        public string TextOf(int number, int passages)
        {
            string boats = string.Concat(Enumerable.Repeat(" and boats", (PassageTokens * 2 / 3 - 6) / 2));
            return string.Concat(Enumerable.Range(0, passages).Select(i => $"Ship {number} {i % 100}{boats} left. "));
        }
    }

    private static async Task KillAsync(string name, Corpus corpus, int kills)
    {
        await using LocalStack stack = await OwnStack.StartAsync(
            name,
            ("Roles:Environment", Environment),
            ("Worker:Lease", "00:00:15"),
            ("Analysis:PassageTokens", $"{corpus.PassageTokens}"),
            ("Reanalysis:RatePerMinute", "60000")
        );
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await UploadAsync(client, corpus);
        await Settled.NothingMissingAsync(client, uploads.Count, corpus.Limit, Cancellation);
        int total = await CountAsync(client, uploads);
        int version = await SampleModels.RegisterAnotherAsync(
            client.Http,
            Model,
            Path.Combine(stack.Options.DataDirectory, "another"),
            Cancellation
        );
        EmbeddedPassages embedded = new(stack, client, Model, version);

        long begun = Stopwatch.GetTimestamp();
        await Aliases.MoveAsync(client, Model, Environment, version);
        for (int kill = 1; kill <= kills; kill++)
        {
            double until = (double)total * kill / (kills + 1);
            await Eventually.HoldsAsync(
                async () => await embedded.CountAsync() >= until ? "" : null,
                $"{until:0} of {total} passages embedded anew",
                corpus.Limit,
                Cancellation
            );
            await (kill == 1 ? embedded.KillAllAsync() : embedded.KillAllAtRestAsync());
        }
        await UntilSearchedAsync(client, version, corpus.Limit);
        await AssertEachOnceAsync(client, uploads, version, corpus.Limit);

        double all = await embedded.CountAsync();
        TestContext.Current.SendDiagnosticMessage(
            $"{total} passages were embedded {all:0} times under {kills} kills in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s."
        );
        Assert.True(total >= corpus.Passages, $"There are {total} passages; meant were {corpus.Passages}.");
        Assert.InRange(all, total, total + (double)kills * corpus.Batch);
    }

    private static async Task<IReadOnlyList<AssetSource>> UploadAsync(PipelineClient client, Corpus corpus)
    {
        List<AssetSource> uploads = [];
        foreach (int i in Enumerable.Range(0, corpus.Long + corpus.Short))
        {
            byte[] text = Encoding.UTF8.GetBytes(corpus.TextOf(i, i < corpus.Long ? corpus.LongPassages : corpus.ShortPassages));
            uploads.Add(await PipelineClient.UploadAsync(client.Stores[i % 2], $"ships/{i}.txt", text, Cancellation));
        }
        return uploads;
    }

    private static async Task<int> CountAsync(PipelineClient client, IReadOnlyList<AssetSource> uploads)
    {
        int count = 0;
        foreach (AssetSource upload in uploads)
        {
            count += (await ReadAsync(client, upload))!.Text!.Passages.Count;
        }
        return count;
    }

    /// <summary>Each passage of each analysis has one vector in what the index holds of the new space, and nothing else has any.</summary>
    private static async Task AssertEachOnceAsync(PipelineClient client, IReadOnlyList<AssetSource> uploads, int version, TimeSpan limit)
    {
        HashSet<string> spaces = [];
        List<string> expected = [];
        foreach (AssetSource upload in uploads)
        {
            AnalysisDocument revised = await Eventually.HoldsAsync(
                async () => await ReadAsync(client, upload) is { Revision: 2 } document ? document : null,
                $"a second analysis of {upload.Key}",
                limit,
                Cancellation
            );
            spaces.Add(revised.Embeddings.Single(file => IsOf(file.Space, version)).Space);
            expected.AddRange(revised.Text!.Passages.Select(passage => $"{upload.AssetId} {Place.OfText(passage.Start, passage.End)}"));
        }
        IEnumerable<string> found = (await ReadSpaceAsync(client.Azure, Assert.Single(spaces))).SelectMany(batch =>
            batch.Entries.Where(entry => entry.Kind == EntryKind.Of(MediaKind.Text)).Select(entry => $"{batch.Asset} {entry.Place}")
        );
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    /// <summary>What a host that starts loads.</summary>
    private static async Task<IReadOnlyList<AssetVectors>> ReadSpaceAsync(IObjectStore home, string space)
    {
        List<AssetVectors> batches = [];
        await foreach (StoredObject segment in home.ListAsync($"{AssetLayout.IndexPrefix}{space}/", Cancellation))
        {
            await using Stream stream = await home.OpenAsync(segment.Path, version: null, 0, Cancellation);
            VectorSegmentContent content = await VectorSegment.ReadAsync(stream, space, null, new VectorSegmentLimits(), Cancellation);
            Assert.Null(content.Fault);
            batches.AddRange(content.Batches);
        }
        return VectorSegment.Merge(batches, DateTimeOffset.MaxValue);
    }

    private static async Task<AnalysisDocument?> ReadAsync(PipelineClient client, AssetSource source)
    {
        string path = AssetLayout.Analysis(source.AssetId, source.VersionId);
        ObjectContent? content = await client.Stores.Single(store => store.Name == source.Store).ReadAsync(path, 64 << 20, Cancellation);
        return content is null ? null : AssetsJson.Read<AnalysisDocument>(content.Data);
    }

    private static bool IsOf(string space, int version) => space.StartsWith($"{Model}-{version}-", StringComparison.Ordinal);

    private static async Task UntilSearchedAsync(PipelineClient client, int version, TimeSpan limit) =>
        await Eventually.HoldsAsync(
            async () =>
            {
                ObjectContent? content = await client.Azure.ReadAsync(
                    $"registry/spaces/{Environment}/textEmbedding.json",
                    1 << 20,
                    Cancellation
                );
                JsonElement serving = JsonDocument.Parse(content!.Data).RootElement.GetProperty("serving");
                return IsOf(serving.GetProperty("space").GetString()!, version) ? "" : null;
            },
            $"searches in the space of version {version}",
            limit,
            Cancellation
        );
}
