using Serverless.Captures;
using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Serving.Work;
using Xunit;

namespace Serverless.Unit.Serving.Work;

public sealed class InputFeaturesTests
{
    private const int Side = 128;

    [Fact]
    public void Text_CountsItsCharacters()
    {
        Dictionary<string, double> features = TextFeatures.Of("Über 20 Boote, NEU!");

        Assert.Equal(19, features["length"]);
        Assert.Equal(4, features["words"]);
        Assert.Equal(Math.Round(2 / 19.0, 4), features["digits"]);
        Assert.Equal(Math.Round(5 / 12.0, 4), features["uppercase"]);
        Assert.Equal(Math.Round(2 / 19.0, 4), features["symbols"]);
        Assert.Equal(Math.Round(1 / 19.0, 4), features["nonAscii"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Text_WithoutLetters_HasNoShareThatIsNone(string text) =>
        Assert.All(TextFeatures.Of(text), feature => Assert.True(double.IsFinite(feature.Value)));

    [Fact]
    public void Picture_OneGrey_HasItsBrightness_AndNeitherEdgesNorColour()
    {
        Dictionary<string, double> features = Of((_, _) => (51, 51, 51));

        Assert.Equal((0.2, 0, 0), (features["brightness"], features["sharpness"], features["colour"]));
    }

    [Fact]
    public void Picture_WithNoise_IsSharper_AndWithHuesMoreColourful()
    {
        Random random = new(1);

        Dictionary<string, double> noisy = Of((_, _) => random.Next(2) == 0 ? Grey(80) : Grey(170));
        Dictionary<string, double> hues = Of((x, _) => x < Side / 2 ? (byte.MaxValue, 0, 0) : (0, 0, byte.MaxValue));

        Assert.InRange(noisy["sharpness"], 0.5, 1.5);
        Assert.True(hues["colour"] > 0.5 && noisy["colour"] < 0.01);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2_000)]
    public void Picture_OfAnyShape_IsRead(int width, int height)
    {
        Dictionary<string, double> features = [];

        PictureFeatures.Add(new RgbImage(new byte[3 * width * height], width, height), features);

        Assert.All(features.Values, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Keyframe_HasWhatIsKnownOfItsFilm_AndAPictureByItselfHasNot()
    {
        InputSummary keyframe = Described(new FilmFeatures(90, 2.5, 12.345)),
            live = Described(new FilmFeatures(null, 2.5, 0)),
            picture = Described(film: null);

        Assert.Equal(("video", 90, 2.5), (keyframe.Kind, keyframe.Features!["film.seconds"], keyframe.Features["film.shotSeconds"]));
        Assert.Equal((12.345, 0, null), (keyframe.Moment, live.Moment, picture.Moment));
        Assert.DoesNotContain("film.seconds", live.Features!);
        Assert.Equal("image", picture.Kind);
        Assert.DoesNotContain(picture.Features!.Keys, name => name.StartsWith("film", StringComparison.Ordinal));
    }

    private static InputSummary Described(FilmFeatures? film)
    {
        using ImageWork work = new(new RgbImage(new byte[3 * 8 * 8], 8, 8), new ImageSize(8, 8), 100, 1, null, new MemoryStream())
        {
            Film = film,
        };
        return work.Describe(new CaptureOptions());
    }

    private static (byte, byte, byte) Grey(byte value) => (value, value, value);

    private static Dictionary<string, double> Of(Func<int, int, (byte R, byte G, byte B)> pixel)
    {
        byte[] rgb = new byte[3 * Side * Side];
        for (int i = 0; i < Side * Side; i++)
        {
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = pixel(i % Side, i / Side);
        }
        Dictionary<string, double> features = [];
        PictureFeatures.Add(new RgbImage(rgb, Side, Side), features);
        return features;
    }
}
