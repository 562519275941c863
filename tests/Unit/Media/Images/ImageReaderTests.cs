using NetVips;
using Serverless.Imaging;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Unit.Samples;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class ImageReaderTests
{
    private static readonly ImageReader Reader = new(new ImageOptions());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static (int R, int G, int B) Pixel(DecodedImage image, double x, double y)
    {
        int at = ((int)(y * image.Height) * image.Width + (int)(x * image.Width)) * 3;
        ReadOnlySpan<byte> pixel = image.Rgb.Span.Slice(at, 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    private static void AssertNear((int R, int G, int B) expected, (int R, int G, int B) actual, int tolerance)
    {
        int worst = Math.Max(Math.Abs(expected.R - actual.R), Math.Max(Math.Abs(expected.G - actual.G), Math.Abs(expected.B - actual.B)));
        Assert.True(worst <= tolerance, $"expected {expected} within {tolerance}, found {actual}");
    }

    [Theory]
    [InlineData("jpegsave", null, 6)]
    [InlineData("jpegsave", Enums.Interpretation.Cmyk, 80)] // strong blue is outside the gamut of print
    [InlineData("pngsave", null, 0)]
    [InlineData("pngsave", Enums.Interpretation.Rgb16, 1)]
    [InlineData("webpsave", null, 30)]
    [InlineData("gifsave", null, 12)]
    [InlineData("tiffsave", null, 0)]
    [InlineData("tiffsave", Enums.Interpretation.Rgb16, 1)]
    [InlineData("tiffsave", Enums.Interpretation.Lab, 3)]
    public void Decode_GivesSrgbPixels(string saver, Enums.Interpretation? space, int tolerance)
    {
        byte[] file = TestImages.Save(saver, space: space);

        using DecodedImage image = Reader.Decode(file, 4096);

        Assert.Equal((64, 48, 64, 48), (image.Width, image.Height, image.OriginalWidth, image.OriginalHeight));
        AssertNear((200, 30, 40), Pixel(image, 0.25, 0.25), tolerance);
        AssertNear((40, 180, 50), Pixel(image, 0.75, 0.25), tolerance);
        AssertNear((30, 60, 210), Pixel(image, 0.25, 0.75), tolerance);
        AssertNear((128, 128, 128), Pixel(image, 0.75, 0.75), tolerance);
    }

    [Theory]
    [InlineData(8, 0, 100, 100, 100, 100)] // grey
    [InlineData(16, 0, 100, 100, 100, 100)] // 16-bit grey
    [InlineData(8, 3, 1, 200, 100, 50)] // palette
    [InlineData(8, 4, 0, 255, 255, 255)] // transparent black on white
    [InlineData(16, 4, 0, 255, 255, 255)]
    [InlineData(8, 6, 0, 255, 255, 255)]
    [InlineData(16, 6, 128, 191, 191, 191)] // half transparent grey
    [InlineData(1, 0, 255, 255, 255, 255)] // bitmap
    public void Decode_ReadsEveryKindOfPng(byte bitDepth, byte colourType, byte fill, int red, int green, int blue)
    {
        byte[] file = TestImages.Png(16, 16, bitDepth, colourType, fill, 16);

        using DecodedImage image = Reader.Decode(file, 256);

        AssertNear((red, green, blue), Pixel(image, 0.5, 0.5), 1);
    }

    [Theory]
    [InlineData(1, 64, 48, 200, 30, 40)]
    [InlineData(3, 64, 48, 128, 128, 128)]
    [InlineData(6, 48, 64, 30, 60, 210)]
    [InlineData(8, 48, 64, 40, 180, 50)]
    public void Decode_StandsPicturesUpright(byte orientation, int width, int height, int red, int green, int blue)
    {
        byte[] file = TestImages.WithOrientation(TestImages.Save("jpegsave"), orientation);

        using DecodedImage image = Reader.Decode(file, 256);

        Assert.Equal((width, height), (image.OriginalWidth, image.OriginalHeight));
        AssertNear((red, green, blue), Pixel(image, 0.2, 0.2), 6);
    }

    [Fact]
    public void Decode_ReducesToTheSide()
    {
        byte[] file = TestImages.Save("jpegsave", 1200, 900);

        using DecodedImage image = Reader.Decode(file, 256);

        Assert.Equal((256, 192, 1200, 900), (image.Width, image.Height, image.OriginalWidth, image.OriginalHeight));
        AssertNear((200, 30, 40), Pixel(image, 0.25, 0.25), 6);
    }

    [Theory]
    [InlineData(1200, 300, 400, 100)] // wide enough as it is
    [InlineData(1600, 200, 1200, 150)] // widened until the shorter side has what is looked at
    [InlineData(200, 100, 200, 100)] // never enlarged
    public void Decode_KeepsTheShorterSide(int width, int height, int decodedWidth, int decodedHeight)
    {
        byte[] file = TestImages.Save("jpegsave", width, height);

        using DecodedImage image = Reader.Decode(file, 400, width == 1600 ? 150 : 100);

        Assert.Equal((decodedWidth, decodedHeight), (image.Width, image.Height));
    }

    /// <summary>40 dB is what a JPEG of good quality loses to its picture: reducing while decoding may not lose much more.</summary>
    [Theory]
    [InlineData("sunset-over-the-bay.jpg", 320)]
    [InlineData("washed-ashore.jpg", 320)]
    [InlineData("milky-way-12mp.jpg", 320)]
    [InlineData("milky-way-12mp.jpg", 200)] // further than the decoder reduces
    public void Decode_OfAJpeg_LooksLikeTheWholeOneReduced(string name, int side)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(SampleMedia.Folder, name));
        using DecodedImage whole = Reader.Decode(file, 10_000),
            image = Reader.Decode(file, side);
        byte[] expected = new byte[image.Rgb.Length];
        ImageSize size = new(image.Width, image.Height);
        Resampler.Resize(
            whole.Rgb.Span,
            new ImageSize(whole.Width, whole.Height),
            size,
            ResampleFilter.Lanczos,
            ImageWindow.Whole(size),
            expected
        );

        double error = expected.Zip(image.Rgb.ToArray(), (a, b) => Math.Pow(a - b, 2)).Average();

        Assert.InRange(10 * Math.Log10(255 * 255 / error), 35, 100);
    }

    [Fact]
    public void Rejects_APngBombByItsHeader()
    {
        byte[] file = TestImages.Png(50_000, 50_000, 8, 2, 0, rows: 10);

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(file, 256));

        Assert.Equal("Found a picture of 50,000x50,000 pixels; allowed are 30,000 a side.", rejected.Message);
    }

    [Fact]
    public void Rejects_AnAnimationOfTenThousandFrames()
    {
        byte[] file = TestImages.Gif(100, 100, 10_000);

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.ReadHeader(file));

        Assert.Equal("Found a picture of more than 4,096 frames or pages; allowed are 2,000.", rejected.Message);
    }

    [Fact]
    public void Accepts_AShortAnimationByItsFirstFrame()
    {
        byte[] file = TestImages.Gif(2, 2, 12);

        using DecodedImage image = Reader.Decode(file, 256);

        Assert.Equal((2, 2, 12), (image.Width, image.Height, image.Info.Frames));
    }

    [Theory]
    [InlineData("jpegsave")]
    [InlineData("pngsave")]
    [InlineData("webpsave")]
    [InlineData("tiffsave")]
    public void Rejects_ATruncatedFile(string saver)
    {
        byte[] file = TestImages.Save(saver, 300, 200);

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(file.AsMemory(0, file.Length * 2 / 3), 256));

        Assert.Contains($"damaged image/{saver[..^4]} file", rejected.Message);
    }

    /// <summary>libvips tells the reasons of a PNG by warnings alone.</summary>
    [Theory]
    [InlineData(8, 0, "not enough data; unable to call pngload_source")] // cut within its header
    [InlineData(8, 9, "Invalid color type in IHDR; Invalid IHDR data; unable to call pngload_source")]
    [InlineData(5, 2, "combination in IHDR; Invalid IHDR data; unable to call pngload_source")]
    public void Rejects_APngByItsOwnComplaint(byte bitDepth, byte colourType, string complaint)
    {
        byte[] file = TestImages.Png(16, 16, bitDepth, colourType, 0, 16);

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(colourType == 0 ? file[..20] : file, 64));

        Assert.Contains(complaint, rejected.Message);
    }

    [Fact]
    public void Rejects_APngWithABadSum_ByTheNameOfItsChunk()
    {
        byte[] file = TestImages.Png(16, 16, 8, 2, 100, 16);
        file[^13] ^= 1; // the last of the IDAT, before an IEND of 12 bytes

        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(file, 64));

        Assert.Contains("(IDAT: CRC error; ", rejected.Message);
    }

    /// <summary>Pictures with junk before their tables decode, and leave complaints on libvips's list of them.</summary>
    [Fact]
    public void Rejects_ADamagedFileByItsOwnComplaintOnly()
    {
        byte[] png = TestImages.Save("pngsave", 300, 200)[..900],
            junk = TestImages.WithJunk(TestImages.Save("jpegsave"), 4);
        string alone = Assert.Throws<MediaRejectedException>(() => Reader.Decode(png, 256)).Message;
        for (int i = 0; i < 4; i++)
        {
            Reader.Decode(junk, 256).Dispose();
        }

        Assert.Equal(alone, Assert.Throws<MediaRejectedException>(() => Reader.Decode(png, 256)).Message);
        Parallel.For(0, 40, i =>
        {
            if (i % 2 == 0)
            {
                Reader.Decode(junk, 256).Dispose();
            }
            else
            {
                Assert.Equal(alone, Assert.Throws<MediaRejectedException>(() => Reader.Decode(png, 256)).Message);
            }
        });
        Assert.DoesNotContain("jpeg", alone, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG image")]
    [InlineData("%PDF-1.4", "a PDF document")]
    [InlineData("P6\n9 9\n255\n", "a Netpbm image")]
    [InlineData("II*\0\u0008\0\0\0\u0001\0\u0006\u0001\u0003\0\u0001\0\0\0\u0009\0\0\0\0\0\0\0", "a picture in ICC L*a*b*")]
    public void Rejects_WhatIsNoAllowedPicture(string content, string message)
    {
        var rejected = Assert.Throws<MediaRejectedException>(() => Reader.Decode(System.Text.Encoding.UTF8.GetBytes(content), 256));

        Assert.Contains(message, rejected.Message);
    }

    [Fact]
    public void Thumbnail_IsASmallJpegWithoutMetadata()
    {
        byte[] file = TestImages.WithOrientation(TestImages.Save("jpegsave", 800, 400), 1);
        using DecodedImage image = Reader.Decode(file, 512);

        byte[] thumbnail = Thumbnail.EncodeJpeg(image, 128);

        Assert.Equal(new ImageInfo("image/jpeg", 128, 64, 1, false), Reader.ReadHeader(thumbnail));
        Assert.Equal(-1, thumbnail.AsSpan().IndexOf("Exif"u8));
    }

    [Theory]
    [InlineData("jpegsave")]
    [InlineData("pngsave")]
    [InlineData("webpsave")]
    [InlineData("gifsave")]
    [InlineData("tiffsave")]
    public void AnyDamage_IsRejectedOrRead(string saver)
    {
        const int Seed = 42;
        var random = new Random(Seed);
        byte[] file = TestImages.Save(saver, 40, 30);
        for (int round = 0; round < 150; round++)
        {
            byte[] damaged = round % 2 == 0 ? file[..random.Next(1, file.Length)] : [.. file];
            for (int flips = round % 2 == 0 ? 0 : random.Next(1, 8); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            Exception? thrown = Record.Exception(() => Reader.Decode(damaged, 64).Dispose());

            Assert.True(thrown is null or MediaRejectedException, $"seed {Seed}, round {round}: {thrown}");
        }
    }

    [Fact]
    public async Task DecodeAsync_WaitsForMemory_AndEndsItsWaitWhenCancelled()
    {
        byte[] file = TestImages.Gif(1000, 1000, 1);
        DecodeBudget budget = new(new DecodingOptions { MaxBytes = 8_000_000 });
        ImageReader reader = new(new ImageOptions(), budget);
        DecodeBudget.Lease other = await budget.TakeAsync(4_000_000, Cancellation);
        using CancellationTokenSource cancel = new();
        Task<DecodedImage> cancelled = reader.DecodeAsync(file, 64, 0, cancel.Token),
            waiting = reader.DecodeAsync(file, 64, 0, Cancellation);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(waiting.IsCompleted);
        other.Dispose();
        using DecodedImage image = await waiting;

        Assert.Equal((64, 0), (image.Width, budget.Held));
    }

    [Fact]
    public async Task DecodeAsync_GivesBackAfterAFailure()
    {
        DecodeBudget budget = new(new DecodingOptions());
        byte[] truncated = TestImages.Save("pngsave", 300, 200)[..900];

        await Assert.ThrowsAsync<MediaRejectedException>(() =>
            new ImageReader(new ImageOptions(), budget).DecodeAsync(truncated, 64, 0, Cancellation)
        );

        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public async Task DecodeAsync_RefusesWhatNeedsMoreThanAllTogetherMayTake()
    {
        ImageReader reader = new(new ImageOptions(), new DecodeBudget(new DecodingOptions { MaxBytes = 5_000_000 }));

        var rejected = await Assert.ThrowsAsync<MediaRejectedException>(() =>
            reader.DecodeAsync(TestImages.Gif(1000, 1000, 1), 64, 0, Cancellation)
        );

        Assert.Equal(MediaFault.TooLarge, rejected.Fault);
        Assert.Equal(
            "Found a picture of 1,000x1,000 pixels that takes 6,098,304 bytes to decode; allowed are 5,000,000 for all that is decoded "
                + "at once.",
            rejected.Message
        );
    }

    [Fact]
    public void Decode_RunsOnManyThreads()
    {
        byte[] file = TestImages.Save("jpegsave", 300, 200);

        Parallel.For(0, 100, _ =>
        {
            using DecodedImage image = Reader.Decode(file, 100);
            Assert.Equal(100, image.Width);
        });
    }
}
