using System.Text;
using Serverless.Media.Images;
using Serverless.Media.Metadata;
using Serverless.Unit.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Metadata;

public sealed class PictureMetadataTests
{
    private static readonly ImageReader Reader = new(new ImageOptions());

    private static MediaMetadata? Read(byte[]? exif = null, byte[]? iptc = null, byte[]? xmp = null) =>
        Reader.ReadMetadata(ToldFiles.Jpeg(TestImages.Save("jpegsave"), exif, iptc, xmp));

    [Fact]
    public void Read_OfAPictureThatSaysNothing_IsNull() => Assert.Null(Read());

    [Fact]
    public void Read_TakesExif()
    {
        string description = "Hafen bei Möwen " + new string('x', 300);
        byte[] exif = ToldFiles.Exif(
            [(0x010E, description), (0x010F, "NIKON"), (0x0110, "NIKON D6"), (0x013B, "M. Lopez"), (0x8298, "(c) Agency")],
            [(0x9003, "2024:05:01 12:30:00"), (0x9011, "+02:00")],
            (33, 151)
        );

        MediaMetadata told = Read(exif)!;

        Assert.Equal((description, "NIKON D6", "(c) Agency"), (told.Description, told.Camera, told.Copyright));
        Assert.Equal(["M. Lopez"], told.Creators);
        Assert.Equal("2024-05-01T12:30:00+02:00", told.Taken);
        Assert.Equal(new ToldPlace(Latitude: -33.5, Longitude: 151.5), told.Place);
        Assert.Empty(told.Warnings);
    }

    [Fact]
    public void Read_TakesIptc()
    {
        MediaMetadata told = Read(
            iptc: ToldFiles.Iptc(
                (5, "Harbour closed"),
                (120, "The harbour.\0\u0007"),
                (80, "M. Lopez"),
                (110, "Agency"),
                (25, "harbour"),
                (25, "ships"),
                (25, "harbour"),
                (90, "Port Alder"),
                (101, "Norway"),
                (55, "20240501"),
                (60, "123000+0200")
            )
        )!;

        Assert.Equal(("Harbour closed", "The harbour.", "Agency"), (told.Title, told.Description, told.Credit));
        Assert.Equal(["harbour", "ships"], told.Keywords);
        Assert.Equal(new ToldPlace(City: "Port Alder", Country: "Norway"), told.Place);
        Assert.Equal("2024-05-01T12:30:00+02:00", told.Taken);
    }

    [Fact]
    public void Read_TakesXmp_BeforeTheOthers()
    {
        byte[] xmp = ToldFiles.Xmp(
            "photoshop:City='Port Alder' exif:GPSLatitude='52,30.5N' exif:GPSLongitude='13,24,36W'",
            "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Closed</rdf:li><rdf:li xml:lang='de'>Zu</rdf:li></rdf:Alt></dc:title>"
                + "<dc:subject><rdf:Bag><rdf:li>ships</rdf:li><rdf:li>boats</rdf:li></rdf:Bag></dc:subject>"
                + "<photoshop:DateCreated>2024-05</photoshop:DateCreated>"
        );

        MediaMetadata told = Read(iptc: ToldFiles.Iptc((5, "Older"), (25, "ships"), (101, "Norway")), xmp: xmp)!;

        Assert.Equal(("Closed", "2024-05"), (told.Title, told.Taken));
        Assert.Equal(["ships", "boats"], told.Keywords);
        Assert.Equal(new ToldPlace(City: "Port Alder", Country: "Norway", Latitude: 52.508333, Longitude: -13.41), told.Place);
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>")]
    [InlineData("<x><y>")]
    [InlineData("not xml")]
    public void Read_OfXmpThatCannotBeRead_Warns(string xmp) =>
        Assert.StartsWith("Found XMP that cannot be read", Assert.Single(Read(xmp: Encoding.UTF8.GetBytes(xmp))!.Warnings));

    [Fact]
    public void Read_OfDeepXmp_Warns()
    {
        string deep = string.Concat(Enumerable.Repeat("<a>", 10_000)) + string.Concat(Enumerable.Repeat("</a>", 10_000));

        Assert.NotEmpty(Read(xmp: ToldFiles.Xmp("", deep[..60_000]))!.Warnings);
    }

    [Fact]
    public void Read_DropsTimesAndPlacesThatAreNone_AndSaysSo()
    {
        byte[] exif = ToldFiles.Exif([], [(0x9003, "2024:13:41 25:00:00")], (95, 200));

        MediaMetadata told = Read(exif)!;

        Assert.Null(told.Taken);
        Assert.Null(told.Place);
        Assert.Equal(2, told.Warnings.Count);
    }

    [Fact]
    public void Read_BoundsWordsAndKeywords()
    {
        (byte, string)[] keywords = [.. Enumerable.Range(0, 100).Select(i => ((byte)25, $"word {i}"))];

        MediaMetadata told = Read(iptc: ToldFiles.Iptc([(120, new string('x', 30_000)), .. keywords]))!;

        Assert.Equal((MetadataDraft.MaxCharacters, MetadataDraft.MaxKeywords), (told.Description!.Length, told.Keywords.Count));
        Assert.Single(told.Warnings);
    }

    [Fact]
    public void Read_OfExifThatPointsAnywhere_ReadsWhatIsThere()
    {
        byte[] exif = ToldFiles.Exif([(0x013B, "M. Lopez")], [(0x9003, "2024:05:01 12:30:00")], (33, 151));
        Random random = new(7);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] wrong = [.. exif];
            for (int changes = 0; changes < 4; changes++)
            {
                wrong[random.Next(4, wrong.Length)] = (byte)random.Next(256);
            }
            MetadataDraft draft = new();

            ExifBlock.Read(wrong.AsSpan(0, random.Next(wrong.Length + 1)), draft);
            IptcBlock.Read(wrong, draft);
        }
    }

    [Fact]
    public void Read_OfATiff_TakesItsOwnTags()
    {
        byte[] tiff = ToldFiles.Exif([(0x010E, "The harbour"), (0x013B, "M. Lopez")], [], null);
        MetadataDraft draft = new();

        ExifBlock.Read(tiff, draft);

        Assert.Equal(("The harbour", "M. Lopez"), (draft.Build()!.Description, draft.Build()!.Creators.Single()));
    }
}
