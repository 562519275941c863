using System.Globalization;
using System.Text;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Vectors;

/// <summary>With so many vectors that signs and codes choose among them, that some lie in files, and that files become empty.</summary>
public sealed class VectorScaleTests
{
    private const int Dimensions = 40;
    private const int Limit = 10;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1), InlineData(2)]
    public void Search_AfterUpsertsAndDeletionsInAnyOrder_FindsWhatABruteForceFinds(int seed)
    {
        Random random = new(seed);
        using VectorIndex index = new(Dimensions);
        List<AssetVectors> all = [];
        for (int i = 0; i < 12_000; i++)
        {
            string asset = $"asset{random.Next(5000)}";
            int entries = random.Next(8) == 0 ? 0 : random.Next(1, 5);
            all.Add(Batch(asset, $"v{i}", Noon.AddSeconds(random.Next(100_000)), entries, random));
        }
        foreach (AssetVectors[] some in all.Chunk(100))
        {
            index.Apply(some);
        }
        while (index.Compact()) { }

        AssetVectors[] newest = NaiveVectorSearch.Newest(all);
        Assert.Equal(newest.Sum(batch => batch.Entries.Count), index.Vectors);
        Assert.Equal(newest.Count(batch => batch.Entries.Count > 0), index.Assets);
        Assert.All(newest.Take(200), batch => Assert.True(index.Knows(batch.Asset, batch.Version)));
        double recall = 0;
        for (int i = 0; i < 20; i++)
        {
            float[] query = Vector(random);
            recall += Recall(newest, query, index.Search(query, Limit, i % 2 == 0 ? "image" : null), i % 2 == 0 ? "image" : null);
            Assert.Equal(1, Recall(newest, query, index.Search(query, Limit, null, SearchDepth.AllCodes), null));
        }
        Assert.True(recall >= 0.99 * 20, $"recall {recall / 20}");
    }

    [Theory]
    [InlineData(0.001), InlineData(0.01), InlineData(0.1), InlineData(0.5)]
    public void Search_OfSomeAssets_LosesNoHit(double share)
    {
        Random random = new(3);
        using VectorIndex index = Filled(20_000, random, out AssetVectors[] batches);
        AssetVectors[] asked = [.. batches.Where(_ => random.NextDouble() < share)];
        VectorFilter filter = VectorFilter.OfAssets(index.AssetsOf(asked.Select(batch => batch.Asset)));

        double recall = 0;
        for (int i = 0; i < 10; i++)
        {
            float[] query = Vector(random);
            recall += Recall(asked, query, index.Search(query, Limit, filter), null);
        }

        Assert.True(recall >= 0.99 * 10, $"recall {recall / 10}");
    }

    /// <summary>Of rows in memory, and of those in files.</summary>
    [Theory]
    [InlineData(200), InlineData(8_000)]
    public void Search_OfSomePlacesAndAKind_AsksForBoth_AndForWhatIsNotKnownByItsAsset(int assets)
    {
        Random random = new(4);
        using VectorIndex index = Filled(assets, random, out AssetVectors[] batches, entries: 3);
        // Of a third of the assets nothing is known elsewhere, and of another only their first place.
        (AssetVectors Batch, VectorEntry Entry)[] known =
        [
            .. batches
                .Where((_, i) => i % 3 > 0)
                .SelectMany((batch, i) => batch.Entries.Take(i % 2 == 0 ? 1 : int.MaxValue).Select(entry => (batch, entry))),
        ];
        int half = Array.FindIndex(known, known.Length / 2, one => one.Batch != known[known.Length / 2].Batch);
        AdmittedTable[] tables = [TableOf(known[..half]), TableOf(known[half..])];
        HashSet<string> admitted = [.. known.Where(one => IsAsked(one.Batch)).Select(one => one.Batch.Asset)];

        VectorFilter filter = VectorFilter.OfPlaces(tables).And(VectorFilter.OfKind("image"));
        IReadOnlyList<VectorHit> hits = index.Search(Vector(random), VectorIndex.MaxLimit, filter);

        HashSet<VectorEntry> refused = [.. known.Where(one => one.Entry != one.Batch.Entries[0]).Select(one => one.Entry)];
        Assert.Equal(
            batches
                .Where(batch => admitted.Contains(batch.Asset))
                .SelectMany(batch => batch.Entries.Select(entry => (batch.Asset, entry)))
                .Where(one => one.entry.Kind == "image" && !refused.Contains(one.entry))
                .Select(one => (one.Asset, one.entry.Place))
                .Order(),
            hits.Select(hit => (hit.Asset, hit.Place)).Order()
        );
    }

    /// <summary>Rows and places that follow each other are joined by words of bits, wherever in a word they begin.</summary>
    [Theory]
    [InlineData(0), InlineData(1), InlineData(5), InlineData(63), InlineData(64), InlineData(70)]
    public void Search_OfSomeOfManyPlacesOfAnAsset_FindsThese(int placesBefore)
    {
        Random random = new(placesBefore);
        using VectorIndex index = new(Dimensions);
        AssetVectors first = BatchOf("first", 5),
            many = BatchOf("many", 200);
        index.Apply([first, many]);
        (AssetVectors Batch, VectorEntry Entry)[] known =
        [
            .. Enumerable.Range(0, placesBefore).Select(i => (BatchOf("elsewhere", 1), BatchOf("elsewhere", i + 1).Entries[i])),
            .. many.Entries.Select(entry => (many, entry)),
        ];
        long[] bits = [.. Enumerable.Range(0, known.Length / 64 + 1).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))];
        PlaceTable table = new([.. known.Select(one => KeyOf(one.Batch))], [.. known.Select(one => KeyOf(one.Batch, one.Entry))]);

        IReadOnlyList<VectorHit> hits = index.Search(Vector(random), 1_000, VectorFilter.OfPlaces([new AdmittedTable(table, bits)]));

        Assert.Equal(
            Enumerable
                .Range(placesBefore, many.Entries.Count)
                .Where(place => (bits[place >> 6] >> place & 1) != 0)
                .Select(place => ("many", $"{place - placesBefore}"))
                .Order(),
            hits.Select(hit => (hit.Asset, hit.Place)).Order()
        );

        AssetVectors BatchOf(string asset, int entries) =>
            new(
                asset,
                "1",
                DateTimeOffset.UnixEpoch,
                [.. Enumerable.Range(0, entries).Select(i => new VectorEntry("text", $"{i}", "", Vector(random)))]
            );
    }

    private static bool IsAsked(AssetVectors batch) => batch.Asset.EndsWith('1');

    /// <summary>The first place of each asset that is asked for is admitted.</summary>
    private static AdmittedTable TableOf((AssetVectors Batch, VectorEntry Entry)[] places)
    {
        long[] bits = new long[places.Length / 64 + 1];
        for (int i = 0; i < places.Length; i++)
        {
            (AssetVectors batch, VectorEntry entry) = places[i];
            bits[i >> 6] |= IsAsked(batch) && entry == batch.Entries[0] ? 1L << i : 0;
        }
        PlaceTable table = new([.. places.Select(one => KeyOf(one.Batch))], [.. places.Select(one => KeyOf(one.Batch, one.Entry))]);
        return new AdmittedTable(table, bits);
    }

    private static ulong KeyOf(AssetVectors batch) => PlaceKey.Of(0, Encoding.UTF8.GetBytes(batch.Asset));

    private static ulong KeyOf(AssetVectors batch, VectorEntry entry) => PlaceKey.Of(KeyOf(batch), Encoding.UTF8.GetBytes(entry.Place));

    [Fact]
    public void PlaceKey_TellsNamesApart()
    {
        string[] names = ["", "\0", "\0\0", .. Enumerable.Range(0, 200_000).Select(i => $"t={i / 100.0},{i / 50.0}")];

        Assert.Equal(2 * names.Distinct().Count(), names.SelectMany(Keys).Distinct().Count());

        static ulong[] Keys(string name) => [PlaceKey.Of(0, Encoding.UTF8.GetBytes(name)), PlaceKey.Of(1, Encoding.UTF8.GetBytes(name))];
    }

    [Fact]
    public void Memory_StaysWithinItsBound_AndWhatExceedsItIsFound()
    {
        Random random = new(6);
        VectorIndexOptions options = new() { MaxMemoryBytes = 3 << 20 };
        using VectorIndex index = new(Dimensions, options);
        List<AssetVectors> all = [];

        for (int i = 0; i < 150; i++)
        {
            AssetVectors[] some = [.. Enumerable.Range(0, 100).Select(n => Batch($"asset{i}-{n}", "v", Noon, 3, random))];
            all.AddRange(some);
            index.Apply(some);
            Assert.InRange(index.MemoryBytes, 0, options.MaxMemoryBytes);
        }

        float[] query = [.. all[7].Entries[0].Vector.Span];
        Assert.Equal(all[7].Asset, index.Search(query, 1)[0].Asset);
        Assert.Equal(45_000, index.Vectors);
        Assert.Null(index.SpillFault);
    }

    [Fact]
    public void Compact_OfCrowdedFiles_GoesInSteps_AndKeepsWhatLives()
    {
        Random random = new(8);
        using VectorIndex index = Filled(20_000, random, out AssetVectors[] batches);
        foreach (AssetVectors[] some in batches.Where((_, i) => i % 8 != 0).Chunk(500))
        {
            index.Apply([.. some.Select(batch => AssetVectors.Tombstone(batch.Asset, batch.Version, Noon.AddDays(1)))]);
        }

        int steps = 0;
        while (index.Compact())
        {
            steps++;
        }

        AssetVectors[] left = [.. batches.Where((_, i) => i % 8 == 0)];
        Assert.InRange(steps, 2, 10);
        Assert.Equal(left.Length, index.Vectors);
        Assert.All(left.Take(50), batch => Assert.Equal(batch.Asset, index.Search(batch.Entries[0].Vector.Span, 1)[0].Asset));
    }

    [Fact]
    public async Task Search_WhileWritersFillFilesAndEmptyThem_SeesEachVersionWhole()
    {
        Random random = new(9);
        using VectorIndex index = new(Dimensions, new VectorIndexOptions { MaxMemoryBytes = 1 << 20 });
        AssetVectors watched = Batch("watched", "v0", Noon, 3, random);
        index.Apply(watched);
        VectorFilter filter = VectorFilter.OfAssets(index.AssetsOf(["watched"]));
        float[] query = Vector(random);
        Task writing = Task.Factory.StartNew(
            () =>
            {
                for (int round = 1; round <= 60; round++)
                {
                    index.Apply([.. Enumerable.Range(0, 300).Select(n => Batch($"a{n}", $"v{round}", Noon.AddSeconds(round), 2, random))]);
                    index.Apply(watched with { Version = $"v{round}", Modified = Noon.AddSeconds(round) });
                    index.Compact();
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

        do
        {
            IReadOnlyList<VectorHit> hits = index.Search(query, Limit, filter);
            Assert.Equal(3, hits.Count);
            Assert.Single(hits.Select(hit => hit.Version).Distinct());
        } while (!writing.IsCompleted);
        await writing;
    }

    [Theory]
    [InlineData(0), InlineData(-1), InlineData(1_000_000_000)]
    public void Rejects_ALimitOutOfBounds(int limit)
    {
        using VectorIndex index = new(2);

        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 0], limit));
        Assert.Contains("1 to 10000", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(0f)]
    public void Rejects_AQueryWithoutDirection(float element)
    {
        using VectorIndex index = new(2);

        Assert.Throws<ArgumentException>(() => index.Search([element, 0], 1));
    }

    private static VectorIndex Filled(int assets, Random random, out AssetVectors[] batches, int entries = 1)
    {
        VectorIndex index = new(Dimensions);
        batches = [.. Enumerable.Range(0, assets).Select(i => Batch($"asset{i}", "v", Noon, entries, random))];
        foreach (AssetVectors[] some in batches.Chunk(100))
        {
            index.Apply(some);
        }
        return index;
    }

    private static AssetVectors Batch(string asset, string version, DateTimeOffset modified, int entries, Random random) =>
        new(
            asset,
            version,
            modified,
            [
                .. Enumerable
                    .Range(0, entries)
                    .Select(i => new VectorEntry(
                        random.Next(3) == 0 ? "image" : "text",
                        i.ToString(CultureInfo.InvariantCulture),
                        "",
                        Vector(random)
                    )),
            ]
        );

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f)];

    private static double Recall(IEnumerable<AssetVectors> batches, float[] query, IReadOnlyList<VectorHit> hits, string? kind)
    {
        (string Asset, string Place)[] expected =
        [
            .. NaiveVectorSearch.Search(batches, query, Limit, kind).Select(hit => (hit.Asset, hit.Place)),
        ];
        return expected.Length == 0 && hits.Count == 0
            ? 1
            : expected.Intersect(hits.Select(hit => (hit.Asset, hit.Place))).Count() / (double)expected.Length;
    }
}
