using System.IO.Compression;
using System.Text;
using Serverless.Media;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class PngTextsTests
{
    private const int Most = 1_000;

    /// <summary>libvips took 6.7 GB and 40 s for the header of such a file of 5 MB.</summary>
    [Theory]
    [InlineData("zTXt")]
    [InlineData("iTXt")]
    public void APngWhoseTextsInflateToMuch_IsRefused_BeforeItIsDecoded(string type)
    {
        byte[] png = Png([.. Enumerable.Repeat(Text(type, 1 << 20), 20)]);

        var rejected = Assert.Throws<MediaRejectedException>(() => new ImageReader(new ImageOptions()).ReadHeader(png));

        Assert.Equal(MediaFault.TooLarge, rejected.Fault);
        Assert.Equal("Found a PNG whose compressed texts inflate to more than 16,777,216 bytes; allowed are 16,777,216.", rejected.Message);
    }

    [Fact]
    public void APngWithTexts_IsRead()
    {
        byte[] png = Png([Text("zTXt", 5_000), Text("iTXt", 5_000), TestImages.Chunk("tEXt", Encoding.ASCII.GetBytes("a\0b"))]);

        Assert.Equal(4, new ImageReader(new ImageOptions()).ReadHeader(png).Width);
        Assert.Equal(10_000, PngTexts.Count(png, 1 << 20));
    }

    [Fact]
    public void Count_StopsSoonAfterTheMost()
    {
        long counted = PngTexts.Count(Png([Text("zTXt", 50 << 20)]), Most);

        Assert.InRange(counted, Most + 1, 1 << 20);
    }

    /// <summary>Each is nothing that could be inflated.</summary>
    [Theory]
    [InlineData("zTXt", "no end of the keyword")]
    [InlineData("zTXt", "a\0")]
    [InlineData("zTXt", "a\0\0no such data")]
    [InlineData("iTXt", "a\0\u0001\0")]
    [InlineData("iTXt", "a\0\u0001\0en")]
    [InlineData("iTXt", "a\0\u0001\0en\0b")]
    [InlineData("iTXt", "a\0\u0001\0en\0b\0")]
    [InlineData("iTXt", "a\0\0\0en\0b\0text")]
    [InlineData("tEXt", "a\0text")]
    public void Count_OfOtherChunks_IsNothing(string type, string data) =>
        Assert.Equal(0, PngTexts.Count(Png([TestImages.Chunk(type, Encoding.Latin1.GetBytes(data))]), Most));

    [Fact]
    public void Count_OfAPngCutAnywhere_Ends()
    {
        byte[] png = Png([Text("zTXt", 50), Text("iTXt", 50)]);

        Assert.All(Enumerable.Range(0, png.Length), length => Assert.InRange(PngTexts.Count(png.AsMemory(0, length), Most), 0, 100));
    }

    private static byte[] Text(string type, int bytes)
    {
        using MemoryStream deflated = new();
        using (ZLibStream deflating = new(deflated, CompressionLevel.Optimal))
        {
            deflating.Write(Encoding.ASCII.GetBytes(new string('a', bytes)));
        }
        return TestImages.Chunk(
            type,
            [.. Encoding.ASCII.GetBytes(type == "zTXt" ? "key\0\0" : "key\0\u0001\0en\0key\0"), .. deflated.ToArray()]
        );
    }

    private static byte[] Png(byte[][] chunks)
    {
        byte[] png = TestImages.Save("pngsave", 4, 4);
        const int afterHeader = 8 + 25;
        return [.. png[..afterHeader], .. chunks.SelectMany(chunk => chunk), .. png[afterHeader..]];
    }
}
