using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

/// <summary>Expected values are computed from the primaries of both spaces, by the matrices of <see cref="TestProfiles"/>.</summary>
public sealed class ColourProfileTests
{
    private static readonly ImageReader Reader = new(new ImageOptions());

    private static void AssertColour(byte[] expected, byte[] file, int tolerance, int side = 4096)
    {
        using DecodedImage image = Reader.Decode(file, side);
        byte[] found = image.Rgb.Span[..3].ToArray();
        Assert.True(
            found.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance),
            $"expected {string.Join(',', expected)} within {tolerance}, found {string.Join(',', found)}"
        );
    }

    public static TheoryData<string, byte[], byte[], byte[]> Spaces()
    {
        TheoryData<string, byte[], byte[], byte[]> data = [];
        foreach (string saver in (string[])["jpegsave", "pngsave", "tiffsave", "webpsave"])
        {
            data.Add(saver, TestProfiles.DisplayP3, [184, 71, 65], [200, 60, 60]);
            data.Add(saver, TestProfiles.DisplayP3, [234, 51, 35], [255, 0, 0]);
            data.Add(saver, TestProfiles.AdobeRgb, [173, 62, 62], [200, 60, 60]);
            data.Add(saver, TestProfiles.ProPhoto, [137, 70, 50], [200, 60, 60]);
            if (saver != "webpsave") // which knows no grey
            {
                data.Add(saver, TestProfiles.LinearGrey, [128], [188, 188, 188]);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Decode_ConvertsToSrgb(string saver, byte[] profile, byte[] stored, byte[] expected) =>
        AssertColour(expected, TestImages.Coloured(saver, stored, profile), tolerance: 4);

    [Fact]
    public void Decode_ConvertsWhatTheJpegDecoderReduced() =>
        AssertColour([200, 60, 60], TestImages.Coloured("jpegsave", [184, 71, 65], TestProfiles.DisplayP3), tolerance: 4, side: 16);

    [Fact]
    public void Decode_TakesAPictureWithADamagedProfileForSrgb()
    {
        byte[] damaged = [.. TestProfiles.AdobeRgb.AsSpan(0, 140)];

        AssertColour([173, 62, 62], TestImages.Coloured("pngsave", [173, 62, 62], damaged), tolerance: 1);
    }

    [Fact]
    public void Decode_TakesAPictureWithAProfileOfOtherColoursForSrgb() =>
        AssertColour([173, 62, 62], TestImages.Coloured("tiffsave", [173, 62, 62], TestProfiles.LinearGrey), tolerance: 1);
}
