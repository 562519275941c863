using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Vectors;

public sealed class SealedFileTests : IDisposable
{
    private const string Space = "text-embedding-1-ab12";
    private const string Source = "bucket/index/a.vseg, version 1";
    private const int Dimensions = 7;
    private readonly string _folder = Directory.CreateTempSubdirectory("sealed-").FullName;

    [Theory]
    [InlineData(0), InlineData(1), InlineData(150)]
    public void Attach_WhatWasWritten_AnswersAsIfItHadBeenApplied(int count)
    {
        AssetVectors[] batches = NaiveVectorSearch.Newest(new VectorData(3, Dimensions).Batches(count));
        string path = Write(batches);
        using VectorIndex applied = new(Dimensions),
            attached = new(Dimensions);
        applied.Apply(batches);
        float[] query = new VectorData(4, Dimensions).Vector();

        Assert.Null(attached.Attach(path, Space, Source));

        Assert.Equal(applied.Search(query, 500), attached.Search(query, 500));
        Assert.Equal(applied.Search(query, 500, "image"), attached.Search(query, 500, "image"));
        Assert.Equal((applied.Vectors, applied.Assets), (attached.Vectors, attached.Assets));
        Assert.All(batches, batch => Assert.True(attached.Knows(batch.Asset, batch.Version)));
    }

    /// <summary>Whoever still refreshes an index that was given up must not touch what was mapped.</summary>
    [Fact]
    public void Dispose_LeavesAnEmptyIndex_ThatTakesNothingMore()
    {
        AssetVectors[] batches = NaiveVectorSearch.Newest(new VectorData(3, Dimensions).Batches(150));
        string path = Write(batches);
        VectorIndex index = new(Dimensions);
        Assert.Null(index.Attach(path, Space, Source));

        index.Dispose();

        Assert.False(index.Apply(batches[0]));
        Assert.Equal("the index is closed", index.Attach(path, Space, Source));
        Assert.False(index.Knows(batches[0].Asset, batches[0].Version));
        Assert.True(index.IsNewest(batches[0]));
        Assert.Empty(index.HeldAssets());
        Assert.Empty(index.Search(new VectorData(4, Dimensions).Vector(), 10));
        Assert.False(index.Compact());
    }

    [Fact]
    public void Attach_WhatIsKnownAlready_TakesItsPlace_AndNewerOnesStay()
    {
        AssetVectors[] batches = NaiveVectorSearch.Newest(new VectorData(3, Dimensions).Batches(150));
        AssetVectors newer = batches.First(batch => batch.Entries.Count > 0) with { Version = "z", Modified = DateTimeOffset.MaxValue };
        using VectorIndex index = new(Dimensions);
        index.Apply([.. batches, newer]);
        (int vectors, int assets) = (index.Vectors, index.Assets);

        Assert.Null(index.Attach(Write(batches), Space, Source));
        Assert.Null(index.Attach(Write(batches), Space, Source));

        Assert.Equal((vectors, assets), (index.Vectors, index.Assets));
        Assert.True(index.Knows(newer.Asset, "z"));
    }

    [Fact]
    public void Attach_AnyByteFlipped_IsRefused_OrFoundWhenTheVectorIsRead()
    {
        Random random = new(5);
        string path = Write(NaiveVectorSearch.Newest(new VectorData(6, Dimensions).Batches(30)));
        byte[] good = File.ReadAllBytes(path);
        float[] query = new VectorData(4, Dimensions).Vector();

        for (int i = 0; i < 600; i++)
        {
            int at = random.Next(good.Length);
            byte[] damaged = [.. good];
            damaged[at] ^= (byte)(1 << random.Next(8));
            string other = Path.Combine(_folder, $"{i}");
            File.WriteAllBytes(other, damaged);
            using VectorIndex index = new(Dimensions);

            string? fault = index.Attach(other, Space, Source);

            if (fault is null)
            {
                index.Search(query, 500);
                Assert.True(index.DamagedFiles.Contains(other) || IsPadding(good, at), $"byte {at} of {good.Length}");
            }
        }
    }

    [Fact]
    public void Attach_ADamagedVector_IsFoundByItsCodesMeanwhile()
    {
        AssetVectors[] batches = NaiveVectorSearch.Newest(new VectorData(6, Dimensions).Batches(30));
        string path = Write(batches);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^8] ^= 0x40; // in the last vector, before its checksum
        File.WriteAllBytes(path, bytes);
        using VectorIndex index = new(Dimensions);
        index.Attach(path, Space, Source);
        VectorEntry last =
            batches[^1].Entries.Count > 0 ? batches[^1].Entries[^1] : batches.Last(batch => batch.Entries.Count > 0).Entries[^1];

        IReadOnlyList<VectorHit> hits = index.Search(last.Vector.Span, 500);

        Assert.Equal(1, hits[0].Score, 0.02);
        Assert.Equal(path, Assert.Single(index.DamagedFiles));
    }

    [Fact]
    public void Attach_CutAnywhere_IsRefused()
    {
        byte[] good = File.ReadAllBytes(Write(NaiveVectorSearch.Newest(new VectorData(6, Dimensions).Batches(5))));
        using VectorIndex index = new(Dimensions);

        for (int length = 0; length < good.Length; length += 13)
        {
            string other = Path.Combine(_folder, $"{length}");
            File.WriteAllBytes(other, good[..length]);
            Assert.NotNull(index.Attach(other, Space, Source));
        }
        Assert.Equal(0, index.Vectors);
    }

    [Theory]
    [InlineData("other", Source, Dimensions), InlineData(Space, "another object", Dimensions), InlineData(Space, Source, 8)]
    public void Attach_OfAnotherSpaceSourceOrLength_IsRefused_NamingBoth(string space, string source, int dimensions)
    {
        string path = Write(new VectorData(6, Dimensions).Batches(1));
        using VectorIndex index = new(dimensions);

        Assert.Contains("expected", index.Attach(path, space, source), StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_OfAMissingFile_SaysSo()
    {
        using VectorIndex index = new(Dimensions);

        Assert.NotNull(index.Attach(Path.Combine(_folder, "missing"), Space, Source));
    }

    [Fact]
    public void MayHold_KnowsWhatIsInAnAttachedFile_AndNothingOfOthers()
    {
        string path = Write([
            new AssetVectors("a", "v", DateTimeOffset.UnixEpoch, [new VectorEntry("text", "", "", new float[Dimensions])]),
        ]);
        using VectorIndex index = new(Dimensions);
        index.Attach(path, Space, Source);

        Assert.True(index.MayHold(path, "a"));
        Assert.False(index.MayHold(path, "b"));
        Assert.True(index.MayHold("another", "b"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Zeros between the parts, which nothing reads.</summary>
    private static bool IsPadding(byte[] good, int at)
    {
        int end = Math.Min(good.Length, at - at % 64 + 64);
        return good.AsSpan(at, end - at).IndexOfAnyExcept((byte)0) < 0;
    }

    private string Write(AssetVectors[] batches)
    {
        string path = Path.Combine(_folder, "sealed");
        SealedFile.Write(path, Space, Source, Dimensions, batches);
        return path;
    }
}
