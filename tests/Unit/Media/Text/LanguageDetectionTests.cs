using Serverless.Media.Text;
using Xunit;

namespace Serverless.Unit.Media.Text;

public sealed class LanguageDetectionTests
{
    private static readonly LanguageDetection Languages = new();

    [Theory]
    [InlineData("en", "The harbour of Port Alder was closed. Maria Lopez said so on Friday.")]
    [InlineData("de", "Der Hafen war nach einer stürmischen Nacht geschlossen, und die Fischer warteten.")]
    [InlineData("fr", "Le port était fermé après une nuit de tempête, et les pêcheurs attendaient.")]
    [InlineData("es", "El puerto estaba cerrado después de una noche de tormenta.")]
    [InlineData("nl", "De haven was gesloten na een nacht vol stormen. Vissers wachtten op nieuws.")]
    [InlineData("ru", "Порт был закрыт после ночного шторма, и рыбаки ждали новостей.")]
    [InlineData("zh", "港口因暴风雨关闭。渔民们等待消息。")]
    [InlineData("ja", "港は嵐のために閉鎖され、漁師たちは知らせを待っていた。")]
    public void Detect_TellsTheLanguage(string language, string text) => Assert.Equal(language, Languages.Detect(text));

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("GET /api/x HTTP/1.1 200 OK asdf qwer zxcv")]
    [InlineData("12345 67 89 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30")]
    public void Detect_OfWhatDoesNotSay_IsNull(string text) => Assert.Null(Languages.Detect(text));

    [Theory]
    [InlineData("drift checks retraining rollback. ")] // Swedish
    [InlineData("ONNX model answers. ")] // German
    [InlineData("thumbnails keyframes vtt. ")] // French
    [InlineData("Text SentenceSegmenter. ")] // Portuguese
    [InlineData("港口因暴")]
    public void Detect_OfAFewWordsRepeated_IsNull(string words) =>
        Assert.Null(Languages.Detect(string.Concat(Enumerable.Repeat(words, 50))));

    [Fact]
    public void Detect_OfALongText_ReadsItsHead()
    {
        string text = string.Concat(Enumerable.Repeat("The harbour was closed on Friday because of the storm at sea. ", 100_000));

        Assert.Equal("en", Languages.Detect(text));
    }

    /// <summary>Letters with marks of their own, such as the vowels of Hindi, are one word.</summary>
    [Fact]
    public void Detect_OfHindi_TellsIt() =>
        Assert.Equal(
            "hi",
            Languages.Detect("तूफान के कारण बंदरगाह बंद रहा और मछुआरे समाचार की प्रतीक्षा करते रहे, ऐसा मारिया केलर ने शुक्रवार को बताया।")
        );
}
