using Serverless.Media;
using Serverless.Media.Metadata;
using Xunit;

namespace Serverless.Unit.Media.Metadata;

public sealed class ToldWordsTests
{
    [Fact]
    public void FilmMetadata_TakesTheTagsOfPhones()
    {
        MediaMetadata told = FilmMetadata.Read(
            new Dictionary<string, string>
            {
                ["title"] = "Harbour",
                ["com.apple.quicktime.creationdate"] = "2024-05-01T12:30:00+0200",
                ["creation_time"] = "2024-05-01T10:30:00.000000Z",
                ["com.apple.quicktime.location.iso6709"] = "+52.5200+013.4050+034.000/",
                ["com.apple.quicktime.make"] = "Apple",
                ["com.apple.quicktime.model"] = "iPhone 15",
                ["keywords"] = "harbour, ships;boats",
            }
        )!;

        Assert.Equal(("Harbour", "2024-05-01T12:30:00+02:00", "Apple iPhone 15"), (told.Title, told.Taken, told.Camera));
        Assert.Equal(new ToldPlace(Latitude: 52.52, Longitude: 13.405), told.Place);
        Assert.Equal(["harbour", "ships", "boats"], told.Keywords);
    }

    [Fact]
    public void FilmMetadata_OfNoTags_IsNull() => Assert.Null(FilmMetadata.Read(new Dictionary<string, string>()));

    [Fact]
    public void PageMetadata_TakesTheHeadOfAPage()
    {
        const string Page =
            "<!doctype html><html lang=\"en-GB\"><head><title>Port &amp; Alder</title>"
            + "<meta name='description' content=\"The harbour, the sea\"><META NAME=author CONTENT='M. Lopez'>"
            + "<meta property=og:title content=other></head><body>Text";

        MediaMetadata told = PageMetadata.Read(Page, "text/html")!;

        Assert.Equal(("Port & Alder", "en-GB", "The harbour, the sea"), (told.Title, told.Language, told.Description));
        Assert.Equal(["M. Lopez"], told.Creators);
    }

    [Fact]
    public void PageMetadata_TakesFrontMatter()
    {
        MediaMetadata told = PageMetadata.Read(
            "---\ntitle: \"Harbour: closed\"\ntags: [a, b]\ndate: 2024-05-01\n---\n# Text",
            "text/markdown"
        )!;

        Assert.Equal(("Harbour: closed", "2024-05-01"), (told.Title, told.Taken));
        Assert.Equal(["a", "b"], told.Keywords);
    }

    [Theory]
    [InlineData("---\ntitle: a", "text/markdown")]
    [InlineData("title: a\n---\n", "text/markdown")]
    [InlineData("", "text/markdown")]
    [InlineData("<title>a</title>", "text/plain")]
    public void PageMetadata_OfAnythingElse_IsNull(string text, string mediaType) => Assert.Null(PageMetadata.Read(text, mediaType));

    [Theory]
    [InlineData("2024:05:01 12:30:00", "2024-05-01T12:30:00")]
    [InlineData("2024-05-01T12:30Z", "2024-05-01T12:30:00Z")]
    [InlineData("2024", "2024")]
    [InlineData("2024-00", null)]
    [InlineData("0000:00:00 00:00:00", null)]
    [InlineData("2023-02-29", null)]
    [InlineData("yesterday", null)]
    public void ToldTime_IsIso8601(string told, string? time) => Assert.Equal(time, ToldTime.Read(told));

    [Theory]
    [InlineData(" a\0\r\n b\u202e ", 10, "a b")]
    [InlineData("ab\U0001F600", 3, "ab")]
    [InlineData("\u0007 \ufeff", 10, null)]
    public void ShortText_IsOneBoundedLine(string told, int most, string? text) => Assert.Equal(text, ShortText.Of(told, most));
}
