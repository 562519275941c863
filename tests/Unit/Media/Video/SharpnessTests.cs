using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class SharpnessTests
{
    // The definition, one pixel after the other.
    private static double Reference(byte[] luma, int width, int height)
    {
        var values = new List<double>();
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = 1; x < width - 1; x++)
            {
                int at = y * width + x;
                values.Add(4 * luma[at] - luma[at - 1] - luma[at + 1] - luma[at - width] - luma[at + width]);
            }
        }

        double mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(35, 7)]
    [InlineData(448, 20)]
    [InlineData(5000, 4)]
    public void Measure_Matches_TheDefinition_On_Noise(int width, int height)
    {
        byte[] luma = new byte[width * height];
        new Random(5).NextBytes(luma);
        for (int i = 0; i < luma.Length; i++)
        {
            luma[i] = (byte)(luma[i] < 128 ? 0 : 255); // the largest values there are
        }

        Assert.Equal(Reference(luma, width, height), Sharpness.Measure(luma, width, height), 0.5);
    }

    [Fact]
    public void Measure_IsZeroForAFlatPicture() => Assert.Equal(0, Sharpness.Measure(new byte[100], 10, 10));
}
