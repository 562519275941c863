using NetVips;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class PictureHeaderTests
{
    private const long Pixels = 64 * 48;

    private static byte[] Interlaced(string saver)
    {
        using Image image = Image.NewFromBuffer(TestImages.Save(saver));
        return saver == "jpegsave"
            ? image.JpegsaveBuffer(interlace: true)
            : image.TiffsaveBuffer(tile: true, tileWidth: 16, tileHeight: 16);
    }

    /// <summary>Bytes a pixel that the decoder holds; the result takes six more.</summary>
    [Theory]
    [InlineData("jpegsave", false, 0)]
    [InlineData("jpegsave", true, 6)]
    [InlineData("pngsave", false, 3)]
    [InlineData("webpsave", false, 8)]
    [InlineData("gifsave", false, 6)]
    [InlineData("tiffsave", false, 3)]
    [InlineData("tiffsave", true, 3)] // three rows of tiles, a third of the picture each
    public void BytesToDecode_AreWhatTheFormatHoldsAndTheResult(string saver, bool other, int held)
    {
        using Image image = Image.NewFromBuffer(other ? Interlaced(saver) : TestImages.Save(saver));

        PictureHeader header = PictureHeader.Read($"image/{saver[..^4]}", image);

        Assert.Equal((held + 6) * Pixels, header.BytesToDecode(64));
        Assert.Equal(held * Pixels + 6 * Pixels / 4, header.BytesToDecode(16)); // reduced by the decoder to twice the side
    }
}
