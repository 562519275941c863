using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Vectors;

public sealed class VectorSegmentTests
{
    private const string Space = "text-embedding-1-ab12";
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0), InlineData(1), InlineData(40)]
    public async Task Read_WhatWasWritten_IsEqual(int count)
    {
        AssetVectors[] batches = new VectorData(21, 6).Batches(count);

        VectorSegmentContent content = await Read(await Write(batches, 6), 6);

        Assert.Null(content.Fault);
        AssertEqual(batches, content.Batches);
    }

    [Theory]
    [InlineData(31), InlineData(32), InlineData(33)]
    public async Task Read_AnyByteFlipped_IsNamedAndKeepsWhatCameBefore(int seed)
    {
        var data = new VectorData(seed, 3);
        AssetVectors[] batches = data.Batches(5);
        byte[] segment = await Write(batches, 3);

        for (int i = 0; i < segment.Length; i++)
        {
            byte[] damaged = [.. segment];
            damaged[i] ^= (byte)(1 << data.Next(8));
            VectorSegmentContent content = await Read(damaged, 3);
            Assert.NotNull(content.Fault);
            AssertEqual(batches[..content.Batches.Count], content.Batches);
        }
    }

    [Fact]
    public async Task Read_CutAnywhere_IsNamedAndKeepsWhatCameBefore()
    {
        AssetVectors[] batches = new VectorData(41, 3).Batches(5);
        byte[] segment = await Write(batches, 3);

        for (int length = 0; length < segment.Length; length++)
        {
            VectorSegmentContent content = await Read(segment[..length], 3);
            Assert.Contains("truncated", content.Fault);
            AssertEqual(batches[..content.Batches.Count], content.Batches);
        }
    }

    [Theory]
    [InlineData(51), InlineData(52)]
    public async Task Read_RandomBytes_NeverThrows(int seed)
    {
        var random = new Random(seed);
        byte[] header = await Write([], 3);

        for (int i = 0; i < 2000; i++)
        {
            byte[] noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            byte[] segment = i % 2 == 0 ? noise : [.. header[..^12], .. noise];
            Assert.NotNull((await Read(segment, 3)).Fault);
        }
    }

    [Theory]
    [InlineData(61), InlineData(62)]
    public void Payload_RandomBytesWithAGoodChecksum_AreRefusedAsFormat(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 5000; i++)
        {
            byte[] payload = new byte[random.Next(60)];
            random.NextBytes(payload);
            // Small lengths get past the first checks.
            for (int j = 1; j < payload.Length; j++)
            {
                if (random.Next(3) > 0)
                {
                    payload[j] = 0;
                }
            }

            Exception? exception = Record.Exception(() => SegmentPayload.ReadBatch(payload, 2));
            Assert.True(exception is null or FormatException, $"payload {Convert.ToHexString(payload)}: {exception}");
        }
    }

    [Fact]
    public async Task Read_OtherSpaceOrDimensions_AreNamed()
    {
        byte[] segment = await Write([], 3);

        Assert.Contains("3 dimensions, 4 expected", (await Read(segment, 4)).Fault);
        VectorSegmentContent other = await VectorSegment.ReadAsync(new MemoryStream(segment), "other", 3, new VectorSegmentLimits(), Ct);
        Assert.Contains($"space {Space}", other.Fault);
    }

    [Fact]
    public async Task Read_RecordOverTheLimit_IsRefusedWithBothSizes()
    {
        byte[] segment = await Write(new VectorData(71, 3).Batches(5), 3);
        var limits = new VectorSegmentLimits { MaxRecordBytes = 50 };

        VectorSegmentContent content = await VectorSegment.ReadAsync(new MemoryStream(segment), Space, 3, limits, Ct);

        Assert.Contains("at most 50 are read", content.Fault);
    }

    [Theory]
    [InlineData(81), InlineData(82)]
    public void Merge_RandomBatches_KeepsTheNewestOfEach(int seed)
    {
        AssetVectors[] batches = new VectorData(seed, 2).Batches(100);

        IReadOnlyList<AssetVectors> merged = VectorSegment.Merge(batches, DateTimeOffset.MinValue);

        AssertEqual([.. NaiveVectorSearch.Newest(batches).OrderBy(batch => batch.Asset, StringComparer.Ordinal)], merged);
    }

    [Fact]
    public void Merge_Tombstones_AreForgottenOnlyWhenOld()
    {
        DateTimeOffset noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        AssetVectors[] batches = [AssetVectors.Tombstone("old", "v", noon.AddDays(-9)), AssetVectors.Tombstone("new", "v", noon)];

        Assert.Equal("new", Assert.Single(VectorSegment.Merge(batches, noon.AddDays(-7))).Asset);
    }

    private static async Task<byte[]> Write(AssetVectors[] batches, int dimensions)
    {
        using var stream = new MemoryStream();
        await VectorSegment.WriteAsync(stream, Space, dimensions, batches, Ct);
        return stream.ToArray();
    }

    private static Task<VectorSegmentContent> Read(byte[] segment, int dimensions) =>
        VectorSegment.ReadAsync(new MemoryStream(segment), Space, dimensions, new VectorSegmentLimits(), Ct);

    private static void AssertEqual(IReadOnlyList<AssetVectors> expected, IReadOnlyList<AssetVectors> actual)
    {
        Assert.Equal(expected.Select(Flatten), actual.Select(Flatten));

        static string Flatten(AssetVectors batch) =>
            string.Join(
                '|',
                batch
                    .Entries.Select(entry => $"{entry.Kind},{entry.Place},{entry.Text},{string.Join(' ', entry.Vector.ToArray())}")
                    .Prepend($"{batch.Asset},{batch.Version},{batch.Modified.UtcTicks}")
            );
    }
}
