using System.Runtime.InteropServices;
using System.Text.Json;
using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Inference.Images;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Images;

public sealed class ImagePreprocessorTests
{
    [Theory]
    [InlineData("lanczos-crop")]
    [InlineData("lanczos-exact")]
    [InlineData("crop-bgr")]
    [InlineData("normalise-bgr")]
    public void Write_Matches_TransformersJs_On_SmoothPictures(string name)
    {
        JsonElement recorded = Cases().Single(c => c.GetProperty("name").GetString() == name);
        RgbImage picture = SmoothPicture(recorded.GetProperty("width").GetInt32(), recorded.GetProperty("height").GetInt32());
        JsonElement config = recorded.GetProperty("config");
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(TestModels.Data($"preprocessing/{name}.f32"))).ToArray();
        float[] actual = new float[expected.Length];

        Load(config).Write(picture, actual);

        // In units of a pixel value: normalising stretches differences by 1/std, rescaling shrinks them by 1/255.
        float scale = config.GetProperty("do_rescale").GetBoolean() ? 255 : 1;
        float deviation = config.GetProperty("do_normalize").GetBoolean() ? config.GetProperty("image_std")[2].GetSingle() : 1;
        double average = expected.Zip(actual, (e, a) => (double)MathF.Abs(e - a)).Average() * scale * deviation;
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {average:F4} of 255 on average");
        Assert.InRange(average, 0, 1);
    }

    [Fact]
    public void Write_OfASmallerImageThanTheCrop_SurroundsItWithBlack()
    {
        using var package = new TemporaryPackage("pad");
        package.WriteJson(
            "preprocessor_config.json",
            new
            {
                do_resize = false,
                do_center_crop = true,
                crop_size = 4,
                do_rescale = false,
                do_normalize = false,
            }
        );
        var processing = ImageProcessing.Load(new PackageFiles(package.Folder, ModelLimits.Default), ModelLimits.Default);
        float[] tensor = new float[3 * 4 * 4];

        new ImagePreprocessor<float>(processing, channelsLast: false).Write(new RgbImage(new byte[] { 9, 8, 7 }, 1, 1), tensor);

        // ceil((4 - 1) / 2) before
        Assert.Equal([9f, 8f, 7f], new[] { tensor[(2 * 4) + 2], tensor[16 + (2 * 4) + 2], tensor[32 + (2 * 4) + 2] });
        Assert.Equal(24, tensor.Sum());
    }

    [Theory]
    [InlineData("""{"do_resize":true,"size":{"shortest_edge":224},"resample":3}""", 640, 427, 335, 224)] // int(224 * 640 / 427)
    [InlineData("""{"do_resize":true,"size":{"shortest_edge":224,"longest_edge":300},"resample":3}""", 427, 640, 200, 300)]
    [InlineData("""{"do_resize":true,"size":{"longest_edge":64},"resample":3}""", 427, 640, 42, 64)]
    [InlineData("""{"do_resize":true,"size":224,"resample":3,"feature_extractor_type":"CLIPFeatureExtractor"}""", 300, 600, 224, 448)]
    [InlineData("""{"do_resize":true,"size":224,"feature_extractor_type":"ViTFeatureExtractor"}""", 300, 600, 224, 224)]
    [InlineData(
        """{"do_resize":true,"size":{"shortest_edge":224},"crop_pct":0.875,"resample":3,"image_processor_type":"ConvNextImageProcessor"}""",
        300,
        600,
        224,
        224
    )]
    [InlineData(
        """{"do_resize":true,"size":{"shortest_edge":384},"resample":3,"image_processor_type":"ConvNextImageProcessor"}""",
        300,
        600,
        384,
        384
    )]
    [InlineData("""{"do_resize":false}""", 300, 600, 300, 600)]
    public void OutputSize_FollowsTheProcessor(string json, int width, int height, int newWidth, int newHeight)
    {
        ImageSize size = Load(JsonDocument.Parse(json).RootElement).OutputSize(width, height);

        Assert.Equal(new ImageSize(newWidth, newHeight), size);
    }

    [Theory]
    [InlineData("""{"size":224,"resample":2}""", "the processor '' is not known")]
    [InlineData("""{"size":{"height":224,"width":100000},"resample":2}""", "\"size.width\": 100000; expected 1 to 4096")]
    [InlineData("""{"size":{"height":224,"width":224},"resample":9}""", "\"resample\": 9")]
    [InlineData("""{"do_pad":true}""", "\"do_pad\"")]
    [InlineData("""{"do_normalize":true,"image_mean":[0.5],"image_std":[0.5]}""", "\"image_mean\": 1 numbers; expected 3")]
    [InlineData("""{"do_normalize":true,"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0,0.5]}""", "\"image_std\": 0")]
    [InlineData("""{"do_resize":"yes"}""", "\"do_resize\": \"yes\"; expected true or false")]
    [InlineData("""{"size":{"shortest_edge":224},"crop_pct":0,"resample":2}""", "\"crop_pct\": 0; expected")]
    [InlineData("""[1]""", "a JSON Array; expected an object")]
    [InlineData("""{"size":""", "malformed JSON")]
    public void Rejects_WhatItCannotFollow(string json, string message)
    {
        using var package = new TemporaryPackage("rejected");
        File.WriteAllText(package.PathOf("preprocessor_config.json"), json);

        var error = Assert.ThrowsAny<ModelRejectedException>(() =>
            ImageProcessing.Load(new PackageFiles(package.Folder, ModelLimits.Default), ModelLimits.Default)
        );

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static ImagePreprocessor<float> Load(JsonElement config)
    {
        using var package = new TemporaryPackage("processor");
        File.WriteAllText(package.PathOf("preprocessor_config.json"), config.GetRawText());
        return new ImagePreprocessor<float>(
            ImageProcessing.Load(new PackageFiles(package.Folder, ModelLimits.Default), ModelLimits.Default),
            channelsLast: false
        );
    }

    private static JsonElement[] Cases() =>
        JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllBytes(TestModels.Data("preprocessing/cases.json")))!;

    /// <summary>The formula of make.mjs.</summary>
    private static RgbImage SmoothPicture(int width, int height)
    {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    rgb[(3 * ((y * width) + x)) + c] = (byte)
                        Math.Floor(128 + (70 * Math.Sin(x / (9.0 + c))) + (50 * Math.Cos(y / (7.0 + (2 * c)))));
                }
            }
        }
        return new RgbImage(rgb, width, height);
    }
}
