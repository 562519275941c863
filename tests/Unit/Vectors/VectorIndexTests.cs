using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Vectors;

public sealed class VectorIndexTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Search_RandomBatches_MatchesTheNaiveReference(int seed)
    {
        var data = new VectorData(seed, 7);
        AssetVectors[] batches = data.Batches(150);
        var index = new VectorIndex(7);
        foreach (AssetVectors batch in batches)
        {
            index.Apply(batch);
        }
        float[] query = data.Vector();
        string? kind = seed % 2 == 0 ? "image" : null;

        IReadOnlyList<VectorHit> hits = index.Search(query, 9, kind);

        (string Asset, string Place, double Score)[] expected = NaiveVectorSearch.Search(batches, query, 9, kind);
        Assert.Equal(expected.Length, hits.Count);
        for (int i = 0; i < hits.Count; i++)
        {
            Assert.Equal(expected[i].Score, hits[i].Score, 1e-5);
        }
    }

    [Theory]
    [InlineData(11), InlineData(12), InlineData(13), InlineData(14)]
    public void Apply_ShuffledAndRepeated_GivesTheSameHits(int seed)
    {
        var data = new VectorData(seed, 5);
        AssetVectors[] batches = data.Batches(120);
        AssetVectors[] shuffled = [.. batches, .. batches, .. batches];
        data.Shuffle(shuffled);
        VectorIndex once = new(5),
            thrice = new(5);
        foreach (AssetVectors batch in batches)
        {
            once.Apply(batch);
        }
        foreach (AssetVectors[] chunk in shuffled.Chunk(7))
        {
            thrice.Apply(chunk);
        }
        float[] query = data.Vector();

        Assert.Equal(once.Search(query, 200), thrice.Search(query, 200));
        Assert.Equal((once.Vectors, once.Assets), (thrice.Vectors, thrice.Assets));
    }

    [Fact]
    public void Apply_SameBatchAgain_ChangesNothing()
    {
        var index = new VectorIndex(2);
        AssetVectors batch = Batch("a", "v1", Noon, [1, 0]);

        Assert.True(index.Apply(batch));
        Assert.False(index.Apply(batch));
        Assert.Equal(1, index.Vectors);
    }

    [Fact]
    public void Apply_Tombstone_HidesOlderVersionsAndNotNewerOnes()
    {
        var index = new VectorIndex(2);
        index.Apply(AssetVectors.Tombstone("a", "v1", Noon));

        Assert.False(index.Apply(Batch("a", "v0", Noon.AddHours(-1), [1, 0])));
        Assert.Empty(index.Search([1, 0], 5));
        Assert.True(index.Apply(Batch("a", "v2", Noon.AddHours(1), [1, 0])));
        Assert.Equal("v2", Assert.Single(index.Search([1, 0], 5)).Version);
    }

    [Fact]
    public void Apply_ManyRewrites_KeepsWhatLives()
    {
        var index = new VectorIndex(3);
        for (int round = 0; round < 60; round++)
        {
            index.Apply([.. Enumerable.Range(0, 100).Select(i => Batch($"asset{i:d3}", "v", Noon.AddSeconds(round), [i, round, 1]))]);
        }

        IReadOnlyList<VectorHit> hits = index.Search([42, 59, 1], 1);

        Assert.Equal(100, index.Vectors);
        Assert.Equal("asset042", hits[0].Asset);
        Assert.Equal(1, hits[0].Score, 1e-6);
    }

    [Fact]
    public void Search_WhileWritersReplaceAnAsset_SeesEachVersionWhole()
    {
        var index = new VectorIndex(2);
        index.Apply(Batch("a", "v0000", Noon, [1, 0], [0, 1]));
        using var stop = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            for (int i = 1; i < 3000; i++)
            {
                index.Apply(Batch("a", $"v{i:d4}", Noon.AddSeconds(i), [1, 0], [0, 1]));
            }
            stop.Cancel();
        });
        writer.Start();

        do
        {
            IReadOnlyList<VectorHit> hits = index.Search([1, 0], 10);
            Assert.Equal(2, hits.Count);
            Assert.Equal(hits[0].Version, hits[1].Version);
        } while (!stop.IsCancellationRequested);
        writer.Join();
    }

    [Fact]
    public void Search_HugeAndTinyElements_NeitherOverflowNorVanish()
    {
        var index = new VectorIndex(2);
        index.Apply([Batch("huge", "v", Noon, [3e38f, 3e38f]), Batch("tiny", "v", Noon, [1e-40f, 1e-40f])]);

        IReadOnlyList<VectorHit> hits = index.Search([1e30f, 1e30f], 2);

        Assert.All(hits, hit => Assert.Equal(1, hit.Score, 1e-3));
    }

    [Fact]
    public void Search_VectorOfZeros_ScoresZero()
    {
        var index = new VectorIndex(2);
        index.Apply(Batch("zero", "v", Noon, [0, 0]));

        Assert.Equal(0, Assert.Single(index.Search([1, 0], 5)).Score);
    }

    [Fact]
    public void Rejects_OtherDimensions_NamingBoth()
    {
        var index = new VectorIndex(3);

        Assert.Contains(
            "has 2 dimensions; this index holds vectors of 3",
            Assert.Throws<ArgumentException>(() => index.Search([1, 2], 1)).Message
        );
        Assert.Contains(
            "asset a has 2 dimensions",
            Assert.Throws<ArgumentException>(() => index.Apply(Batch("a", "v", Noon, [1, 2]))).Message
        );
    }

    [Fact]
    public void Rejects_NotFinite_ApplyingNothingOfTheCall()
    {
        var index = new VectorIndex(2);

        Assert.Throws<ArgumentException>(() => index.Apply([Batch("good", "v", Noon, [1, 0]), Batch("bad", "v", Noon, [float.NaN, 0])]));
        Assert.Equal(0, index.Vectors);
    }

    private static AssetVectors Batch(string asset, string version, DateTimeOffset modified, params float[][] vectors) =>
        new(asset, version, modified, [.. vectors.Select((vector, i) => new VectorEntry("text", $"{i}", "", vector))]);
}
