using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Imaging;

public sealed class ResamplerTests
{
    public static TheoryData<int, int, int, int, int, string> Recorded()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(TestModels.Data("resampling/expected.json")));
        var data = new TheoryData<int, int, int, int, int, string>();
        foreach (JsonElement row in json.RootElement.GetProperty("resizes").EnumerateArray())
        {
            data.Add(
                row.GetProperty("from")[0].GetInt32(),
                row.GetProperty("from")[1].GetInt32(),
                row.GetProperty("to")[0].GetInt32(),
                row.GetProperty("to")[1].GetInt32(),
                row.GetProperty("filter").GetInt32(),
                row.GetProperty("sha256").GetString()!
            );
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Resize_Matches_Pillow_On_DrawnPictures(int width, int height, int newWidth, int newHeight, int filter, string sha256)
    {
        byte[] result = new byte[3 * newWidth * newHeight];

        Resize(
            TestModels.Picture(width, height),
            new ImageSize(newWidth, newHeight),
            (ResampleFilter)filter,
            new ImageWindow(0, 0, newWidth, newHeight),
            result
        );

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(result)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Resize_OfAWindow_IsThatPartOfTheWhole(int filter)
    {
        RgbImage picture = TestModels.Picture(301, 200);
        byte[] whole = new byte[3 * 97 * 64],
            part = new byte[3 * 31 * 23];

        Resize(picture, new ImageSize(97, 64), (ResampleFilter)filter, new ImageWindow(0, 0, 97, 64), whole);
        Resize(picture, new ImageSize(97, 64), (ResampleFilter)filter, new ImageWindow(11, 40, 31, 23), part);

        byte[] expected = [.. Enumerable.Range(40, 23).SelectMany(y => whole.AsSpan(3 * ((y * 97) + 11), 3 * 31).ToArray())];
        Assert.Equal(expected, part);
    }

    private static void Resize(RgbImage picture, ImageSize size, ResampleFilter filter, ImageWindow window, byte[] result) =>
        Resampler.Resize(picture.Rgb.Span, new ImageSize(picture.Width, picture.Height), size, filter, window, result);
}
