using Serverless.Media;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class SharedImagesTests
{
    private static readonly ImageReader Reader = new(new ImageOptions());

    private static byte[] Load(string name) => File.ReadAllBytes(SharedData.Require("images/" + name));

    [Theory]
    [InlineData("Landscape", 1)]
    [InlineData("Landscape", 2)]
    [InlineData("Landscape", 3)]
    [InlineData("Landscape", 4)]
    [InlineData("Landscape", 5)]
    [InlineData("Landscape", 6)]
    [InlineData("Landscape", 7)]
    [InlineData("Landscape", 8)]
    [InlineData("Portrait", 5)]
    [InlineData("Portrait", 6)]
    [InlineData("Portrait", 7)]
    [InlineData("Portrait", 8)]
    public void Decode_StandsEveryExifOrientationUpright(string picture, int orientation)
    {
        using DecodedImage expected = Reader.Decode(Load($"exif_orientation/{picture}_0.jpg"), 64);

        using DecodedImage actual = Reader.Decode(Load($"exif_orientation/{picture}_{orientation}.jpg"), 64);

        Assert.Equal((expected.Width, expected.Height, expected.OriginalWidth), (actual.Width, actual.Height, actual.OriginalWidth));
        Assert.InRange(MeanDifference(expected, actual), 0, 1.2); // the files were compressed one by one
    }

    [Theory]
    [InlineData("12in16bit.tif")]
    [InlineData("16-bit-grey-alpha.png")]
    [InlineData("320x240.jpg")]
    [InlineData("4.webp")]
    [InlineData("Channel_digital_image_CMYK_color.jpg")]
    [InlineData("G31D.TIF")]
    [InlineData("animated-loop-3.gif")]
    [InlineData("animated-loop-3.webp")]
    [InlineData("full-transparent.png")]
    [InlineData("gamma_dalai_lama_gray.jpg")]
    [InlineData("hopper.jpg")]
    [InlineData("hopper.png")]
    [InlineData("hopper.webp")]
    [InlineData("hopper_bad_exif.jpg")]
    [InlineData("hopper_orientation_6.jpg")]
    [InlineData("pil_sample_cmyk.jpg")]
    public void Decode_ReadsEveryAllowedFormat(string name)
    {
        using DecodedImage image = Reader.Decode(Load("formats/" + name), 256);

        Assert.InRange(Math.Max(image.Width, image.Height), 1, 256);
        Assert.Equal(image.Width * image.Height * 3, image.Rgb.Length);
    }

    [Theory]
    [InlineData("65536-uint32-limit.png", "allowed are 30,000 a side")]
    [InlineData("decompression_bomb.gif", "allowed are")]
    [InlineData("giant-image.jpg", "allowed are 100,000,000")]
    [InlineData("truncated.jpg", "damaged image/jpeg")]
    [InlineData("truncated_image.png", "damaged image/png")]
    [InlineData("broken_data_stream.png", "damaged image/png")]
    [InlineData("corrupt-header.jpg", "damaged image/jpeg")]
    [InlineData("circle.svg", "an SVG image")]
    public void Decode_RejectsBombsAndDamage(string name, string message)
    {
        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(Load("formats/" + name), 256));

        Assert.Contains(message, rejected.Message);
    }

    [Theory]
    [InlineData("hopper.png")]
    [InlineData("hopper.webp")]
    [InlineData("hopper_orientation_6.jpg")]
    public void PerceptualHash_StaysTheSameAcrossFormats(string name)
    {
        using DecodedImage reference = Reader.Decode(Load("formats/hopper.jpg"), 256);
        using DecodedImage other = Reader.Decode(Load("formats/" + name), 256);

        int distance = PerceptualHash.Distance(PerceptualHash.Compute(reference), PerceptualHash.Compute(other));

        Assert.InRange(distance, 0, 10);
    }

    private static double MeanDifference(DecodedImage a, DecodedImage b)
    {
        long sum = 0;
        for (int i = 0; i < a.Rgb.Length; i++)
        {
            sum += Math.Abs(a.Rgb.Span[i] - b.Rgb.Span[i]);
        }
        return (double)sum / a.Rgb.Length;
    }
}
