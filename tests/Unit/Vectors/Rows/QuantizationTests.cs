using Serverless.Vectors.Rows;
using Xunit;

namespace Serverless.Unit.Vectors.Rows;

public sealed unsafe class QuantizationTests
{
    [Theory]
    [InlineData(1), InlineData(7), InlineData(64), InlineData(65), InlineData(383), InlineData(384), InlineData(1000)]
    public void Encode_AnyLength_IsOffByHalfAScaleAtMost_AndPaddedWithZeros(int dimensions)
    {
        Random random = new(dimensions);
        float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() * 2 - 1)];
        sbyte[] codes = new sbyte[RowLayout.StrideOf(dimensions)];
        Array.Fill(codes, (sbyte)99);

        float scale = Quantization.Encode(vector, codes);

        Assert.Equal(vector.Max(MathF.Abs), scale * 127, 1e-5);
        Assert.All(vector, (element, i) => Assert.Equal(element, codes[i] * scale, scale / 2 + 1e-6));
        Assert.All(codes[dimensions..], code => Assert.Equal(0, code));
    }

    [Fact]
    public void Encode_Halves_AreRoundedToEven()
    {
        sbyte[] codes = new sbyte[64];

        Quantization.Encode([127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f], codes);

        Assert.Equal([127, 0, 2, 2, 0, -2], codes[..6].Select(code => (int)code));
    }

    [Fact]
    public void Encode_OfZeros_HasScaleZero()
    {
        Assert.Equal(0, Quantization.Encode(new float[5], new sbyte[64]));
    }

    [Theory]
    [InlineData(1), InlineData(63), InlineData(64), InlineData(70), InlineData(130)]
    public void WriteSigns_AnyLength_HasABitForEachElementBelowZero(int dimensions)
    {
        Random random = new(dimensions);
        float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() * 2 - 1)];
        int words = RowLayout.WordsOf(dimensions);
        ulong[] signs = new ulong[16 * words];
        const int row = 11;

        fixed (ulong* start = signs)
        {
            Quantization.WriteSigns(vector, start, row, words);
        }

        bool[] below = [.. Enumerable.Range(0, dimensions).Select(i => (signs[RowLayout.SignWord(row, i / 64, words)] >> i % 64 & 1) != 0)];
        Assert.Equal(vector.Select(element => element < 0), below);
    }
}
