using NetVips;
using Serverless.Media;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class TiffFieldsTests
{
    private const ushort Short = 3,
        Long = 4,
        Undefined = 7;

    /// <summary>libvips took 40 s for the header of a file of 20 MB with 4,000 of them.</summary>
    [Fact]
    public void ATiffWhoseFieldsLieOnTheSameBytes_IsRefused_BeforeItIsDecoded()
    {
        byte[] tiff = Tiff(more: 5, count: 10_000);

        var rejected = Assert.Throws<MediaRejectedException>(() => new ImageReader(new ImageOptions()).ReadHeader(tiff));

        Assert.Equal(MediaFault.TooLarge, rejected.Fault);
        Assert.Equal($"Found a TIFF with fields of 50,000 bytes in a file of {tiff.Length:N0}, on the same places.", rejected.Message);
    }

    [Fact]
    public void ATiffOfManyFields_IsRefused_BeforeItIsDecoded()
    {
        byte[] tiff = Tiff(more: 1_016, count: 1);

        var rejected = Assert.Throws<MediaRejectedException>(() => new ImageReader(new ImageOptions()).ReadHeader(tiff));

        Assert.Equal("Found a TIFF with 1,025 fields; allowed are 1,024.", rejected.Message);
    }

    [Fact]
    public void ATiffWithFieldsOfItsOwn_IsRead()
    {
        Assert.Equal(8, new ImageReader(new ImageOptions()).ReadHeader(Tiff(more: 3, count: 10_000)).Width);
        Assert.Equal(64, new ImageReader(new ImageOptions()).ReadHeader(TestImages.Save("tiffsave")).Width);
        Assert.Null(TiffFields.FindExcess(TestImages.Tiff(Enums.BandFormat.Ushort, 257, grey: false)));
    }

    [Fact]
    public void FindExcess_OfATiffCutOrChangedAnywhere_Ends()
    {
        byte[] tiff = Tiff(more: 1, count: 200);

        for (int at = 0; at < tiff.Length; at++)
        {
            _ = TiffFields.FindExcess(tiff.AsSpan(0, at));
            (byte was, tiff[at]) = (tiff[at], 0xFF);
            _ = TiffFields.FindExcess(tiff);
            tiff[at] = was;
        }
    }

    /// <summary>Eight grey pixels in a square, bytes that private fields lie on, then the directory.</summary>
    private static byte[] Tiff(int more, int count)
    {
        const int pixels = 8,
            blob = pixels + 64;
        (ushort Tag, ushort Type, int Count, int Value)[] fields =
        [
            (256, Short, 1, 8),
            (257, Short, 1, 8),
            (258, Short, 1, 8),
            (259, Short, 1, 1),
            (262, Short, 1, 1),
            (273, Long, 1, pixels),
            (277, Short, 1, 1),
            (278, Short, 1, 8),
            (279, Long, 1, 64),
            .. Enumerable.Range(40_000, more).Select(tag => ((ushort)tag, Undefined, count, blob)),
        ];
        using MemoryStream tiff = new();
        using BinaryWriter writer = new(tiff);
        writer.Write("II*\0"u8);
        writer.Write(blob + count);
        writer.Write(new byte[64 + count]);
        writer.Write((ushort)fields.Length);
        foreach ((ushort tag, ushort type, int numbers, int value) in fields)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(numbers);
            writer.Write(value);
        }
        writer.Write(0);
        return tiff.ToArray();
    }
}
