using NetVips;
using Serverless.Media;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class JpegScansTests
{
    private static readonly ImageReader Reader = new(new ImageOptions());

    private static readonly byte[] ManyScans = [.. Enumerable.Repeat(new byte[] { 0xFF, 0xDA, 7 }, 120).SelectMany(scan => scan)];

    private static byte[] Progressive()
    {
        using Image image = Image.NewFromBuffer(TestImages.Save("jpegsave"));
        return image.JpegsaveBuffer(interlace: true);
    }

    [Fact]
    public void Count_IsOneForABaselinePicture() => Assert.Equal(1, JpegScans.Count(TestImages.Save("jpegsave")).Scans);

    /// <summary>As many as libjpeg's script for colour pictures has.</summary>
    [Fact]
    public void Count_IsThatOfTheEncoderForAProgressiveOne() => Assert.Equal(10, JpegScans.Count(Progressive()).Scans);

    [Fact]
    public void Count_LeavesOutWhatFollowsTheEnd() =>
        Assert.Equal(10, JpegScans.Count([.. Progressive(), .. ManyScans, .. Progressive()]).Scans);

    [Fact]
    public void Count_LeavesOutSegments() =>
        Assert.Equal(10, JpegScans.Count(TestImages.WithSegment(Progressive(), 0xE2, ManyScans)).Scans);

    [Fact]
    public void Count_PassesJunkBetweenSegments() => Assert.Equal(10, JpegScans.Count(TestImages.WithJunk(Progressive(), 5)).Scans);

    [Fact]
    public void Decode_ReadsAPictureWithAFilmBehindIt()
    {
        byte[] file = [.. TestImages.Save("jpegsave"), .. ManyScans];

        using DecodedImage image = Reader.Decode(file, 256);

        Assert.Equal((64, 48), (image.Width, image.Height));
    }

    [Fact]
    public void Rejects_APictureOfTooManyScans()
    {
        byte[] jpeg = TestImages.Save("jpegsave");
        int scan = jpeg.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]);
        byte[] file = [.. jpeg.AsSpan(0, scan), .. Enumerable.Repeat(jpeg[scan..^2], 101).SelectMany(bytes => bytes), 0xFF, 0xD9];

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(file, 256));

        Assert.Equal("Found a JPEG of more than 100 scans; allowed are 100.", rejected.Message);
    }

    /// <summary>libvips took 1.2 GB for twelve million empty ones, 48 MB of file, before the first pixel.</summary>
    [Fact]
    public void Rejects_APictureOfTooManySegments()
    {
        byte[] jpeg = TestImages.Save("jpegsave");
        IEnumerable<byte> segments = Enumerable.Repeat(new byte[] { 0xFF, 0xE1, 0, 2 }, 4_096).SelectMany(bytes => bytes);
        byte[] file = [.. jpeg[..2], .. segments, .. jpeg[2..]];

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.ReadHeader(file));

        Assert.Equal("Found a JPEG of more than 4,096 segments; allowed are 4,096.", rejected.Message);
        Assert.Equal(MediaFault.TooLarge, rejected.Fault);
        Assert.InRange(JpegScans.Count(jpeg).Segments, 1, 30);
    }
}
