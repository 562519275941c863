using System.Buffers;
using Serverless.Media.Shots;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Shots;

public sealed class FrameSignatureTests
{
    private static VideoFrame Noise(int width, int height)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(width * height * 3 / 2);
        new Random(width).NextBytes(buffer);
        return new VideoFrame(buffer, width, height, TimeSpan.Zero, YuvMatrix.Bt601);
    }

    // The mean of one cell, one pixel after the other.
    private static byte Mean(ReadOnlySpan<byte> plane, int width, int side, int column, int row)
    {
        int sum = 0;
        for (int y = row * side; y < (row + 1) * side; y++)
        {
            for (int x = column * side; x < (column + 1) * side; x++)
            {
                sum += plane[y * width + x];
            }
        }

        return (byte)(sum / (side * side));
    }

    [Theory]
    [InlineData(448, 256)]
    [InlineData(64, 48)]
    public void Of_Matches_PlainMeans_On_Noise(int width, int height)
    {
        using VideoFrame frame = Noise(width, height);

        byte[] signature = FrameSignature.Of(frame);

        int columns = width / 8,
            cells = columns * (height / 8);
        for (int i = 0; i < cells; i++)
        {
            Assert.Equal(Mean(frame.Luma, width, 8, i % columns, i / columns), signature[i]);
            Assert.Equal(Mean(frame.ChromaBlue, width / 2, 4, i % columns, i / columns), signature[cells + i]);
            Assert.Equal(Mean(frame.ChromaRed, width / 2, 4, i % columns, i / columns), signature[2 * cells + i]);
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(6, 100)]
    [InlineData(450, 10)]
    public void Of_TakesFramesOfAnySize(int width, int height)
    {
        using VideoFrame frame = Noise(width, height);

        Assert.NotEmpty(FrameSignature.Of(frame));
    }
}
