using System.Buffers.Binary;
using NetVips;
using Serverless.Media;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class UnusualPictureTests
{
    private static readonly ImageReader Reader = new(new ImageOptions());

    private static ulong HashOf(byte[] file)
    {
        using DecodedImage image = Reader.Decode(file, 256);
        return PerceptualHash.Compute(image);
    }

    private static string Xmp(string orientation) =>
        $"""
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            {orientation}
            </rdf:RDF></x:xmpmeta>
            """;

    private static byte[] WithoutExif(int width, int height)
    {
        using Image image = Image.NewFromBuffer(TestImages.Save("jpegsave", width, height));
        return image.JpegsaveBuffer(keep: Enums.ForeignKeep.None);
    }

    private static byte[] WithXmp(byte[] jpeg, string orientation) =>
        TestImages.WithSegment(
            jpeg,
            0xE1,
            [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. System.Text.Encoding.UTF8.GetBytes(Xmp(orientation))]
        );

    private const string Attribute = """<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>""";

    private const string Element =
        """<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"><tiff:Orientation>6</tiff:Orientation></rdf:Description>""";

    [Theory]
    [InlineData(Enums.BandFormat.Float, 1 / 255.0)]
    [InlineData(Enums.BandFormat.Float, 1)]
    public void Decode_ReadsGreyFloatingPoint_OfEitherRange(Enums.BandFormat format, double scale)
    {
        ulong expected = HashOf(TestImages.Tiff(Enums.BandFormat.Uchar, 1, grey: true));

        Assert.InRange(PerceptualHash.Distance(expected, HashOf(TestImages.Tiff(format, scale, grey: true))), 0, 2);
    }

    [Theory]
    [InlineData(Enums.BandFormat.Float, 257, true, "floating point of up to")]
    [InlineData(Enums.BandFormat.Float, 1, false, "colours in floating point of 32 bits")]
    [InlineData(Enums.BandFormat.Int, 257, true, "signed integers of 32 bits")]
    [InlineData(Enums.BandFormat.Uint, 257, false, "unsigned integers of 32 bits")]
    [InlineData(Enums.BandFormat.Double, 1, true, "samples out of range")]
    [InlineData(Enums.BandFormat.Short, 100, false, "signed integers of 16 bits")]
    public void Rejects_OtherSampleFormatsByName(Enums.BandFormat format, double scale, bool grey, string found)
    {
        byte[] file = TestImages.Tiff(format, scale, grey);

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(file, 256));

        Assert.Equal(MediaFault.Unsupported, rejected.Fault);
        Assert.Contains(found, rejected.Message);
    }

    [Theory]
    [InlineData(50000, "ZSTD compression support is not configured")]
    [InlineData(6, "Old-style JPEG compression support is not configured")]
    [InlineData(60123, "Compression scheme 60123")] // nobody's
    public void Rejects_OtherCompressionsByName(int compression, string found)
    {
        byte[] file = TestImages.Tiff(Enums.BandFormat.Uchar, 1, grey: false);
        int field = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x03, 0x01, 3, 0, 1, 0, 0, 0]); // TIFF 6.0: Compression, one SHORT
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(field + 8), (ushort)compression);

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(file, 256));

        Assert.Equal(MediaFault.Unsupported, rejected.Fault);
        Assert.Contains(found, rejected.Message);
    }

    [Theory]
    [InlineData(Enums.ForeignTiffCompression.Lzw)]
    [InlineData(Enums.ForeignTiffCompression.Deflate)]
    [InlineData(Enums.ForeignTiffCompression.Packbits)]
    [InlineData(Enums.ForeignTiffCompression.Jpeg)]
    [InlineData(Enums.ForeignTiffCompression.Webp)]
    public void Decode_ReadsTheCompressionsThatAreAllowed(Enums.ForeignTiffCompression compression)
    {
        using Image picture = Image.NewFromBuffer(TestImages.Tiff(Enums.BandFormat.Uchar, 1, grey: false));

        using DecodedImage image = Reader.Decode(picture.TiffsaveBuffer(compression: compression), 64);

        Assert.Equal((picture.Width, picture.Height), (image.Width, image.Height));
    }

    [Fact]
    public void Decode_ReadsCcitt()
    {
        using Image grey = Image.NewFromBuffer(TestImages.Save("tiffsave", space: Enums.Interpretation.Bw));
        using Image lines = grey > 100;

        byte[] file = lines.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Ccittfax4, bitdepth: 1);

        Assert.Equal(HashOf(lines.TiffsaveBuffer()), HashOf(file));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Enums.Interpretation.Bw)]
    public void Decode_LeavesOutMasksBesideTheColours(Enums.Interpretation? space)
    {
        using Image image = Image.NewFromBuffer(TestImages.Save("tiffsave", space: space));
        using Image masked = image.Bandjoin([255, 0, 0]);

        Assert.Equal(HashOf(TestImages.Save("tiffsave", space: space)), HashOf(masked.TiffsaveBuffer()));
    }

    [Theory]
    [InlineData(Attribute)]
    [InlineData(Element)]
    public void Decode_StandsUprightWhatXmpAloneTurns(string orientation)
    {
        byte[] jpeg = WithoutExif(640, 480);
        using DecodedImage expected = Reader.Decode(TestImages.WithOrientation(jpeg, 6), 64);

        using DecodedImage image = Reader.Decode(WithXmp(jpeg, orientation), 64);

        Assert.Equal((48, 64, 480, 640), (image.Width, image.Height, image.OriginalWidth, image.OriginalHeight));
        Assert.InRange(expected.Rgb.ToArray().Zip(image.Rgb.ToArray(), (a, b) => Math.Abs(a - b)).Average(), 0, 2);
    }

    [Fact]
    public void Decode_FollowsExifWhereXmpSaysOtherwise()
    {
        byte[] file = TestImages.WithOrientation(WithXmp(WithoutExif(64, 48), Attribute), 1);

        using DecodedImage image = Reader.Decode(file, 256);

        Assert.Equal((64, 48), (image.Width, image.Height));
    }

    [Fact]
    public void Decode_IgnoresXmpThatCannotBeRead()
    {
        byte[] file = WithXmp(WithoutExif(64, 48), "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;");

        using DecodedImage image = Reader.Decode(file, 256);

        Assert.Equal((64, 48), (image.Width, image.Height));
    }
}
