using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class PerceptualHashTests
{
    private static byte[] Noise(int seed, int width, int height)
    {
        var random = new Random(seed);
        double[] phases = [.. Enumerable.Range(0, 24).Select(_ => random.NextDouble() * 6)];
        byte[] rgb = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            double x = (double)(i % width) / width,
                y = (double)(i / width) / height,
                sum = 0;
            for (int k = 0; k < 24; k++)
            {
                sum += Math.Sin((1 + k % 6) * 3 * x + (1 + k / 6) * 3 * y * (k % 2 == 0 ? 1 : -1) + phases[k]);
            }
            rgb.AsSpan(i * 3, 3).Fill((byte)Math.Clamp(128 + sum * 12, 0, 255));
        }

        return rgb;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Compute_IsNearForTheSamePictureAtAnotherSize(int seed)
    {
        ulong small = PerceptualHash.Compute(Noise(seed, 90, 60), 90, 60);
        ulong large = PerceptualHash.Compute(Noise(seed, 450, 300), 450, 300);

        Assert.InRange(PerceptualHash.Distance(small, large), 0, 6);
    }

    [Fact]
    public void Compute_IsFarForAnotherPicture()
    {
        ulong one = PerceptualHash.Compute(Noise(1, 90, 60), 90, 60);
        ulong other = PerceptualHash.Compute(Noise(2, 90, 60), 90, 60);

        Assert.InRange(PerceptualHash.Distance(one, other), 16, 64);
    }

    [Fact]
    public void Compute_TakesTinyPictures() =>
        Assert.Equal(PerceptualHash.Compute([9, 9, 9], 1, 1), PerceptualHash.Compute([9, 9, 9], 1, 1));
}
