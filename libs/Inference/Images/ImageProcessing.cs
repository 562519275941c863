using Serverless.Imaging;
using Serverless.Packages;

namespace Serverless.Inference.Images;

/// <summary>
/// preprocessor_config.json: resize, centre crop, rescale, normalise, channel order, with the meaning that Hugging Face transformers'
/// image processors (src/transformers/models/*/image_processing_*.py, Apache-2.0) give to each key. Keys that would change pixels
/// in ways we do not follow are refused.
/// </summary>
internal sealed record ImageProcessing
{
    private static readonly string[] RefusedFlags =
    [
        "do_pad",
        "do_thumbnail",
        "do_align_long_axis",
        "do_image_splitting",
        "do_pan_and_scan",
        "keep_aspect_ratio",
    ];
    private static readonly string[] RefusedKeys = ["size_divisor", "pad_size", "ensure_multiple_of"];

    /// <summary>Null where images keep their size.</summary>
    public required ResizeRule? Resize { get; init; }
    public required ImageSize? Crop { get; init; }

    /// <summary>What the model sees of each byte value: [red, green, blue][0..255], rescaled and normalised.</summary>
    public required float[][] Values { get; init; }
    public required bool BlueFirst { get; init; }

    /// <summary>Not null where images keep their shape and grey bars fill the rest of <see cref="Crop"/>.</summary>
    public Letterbox? Letterbox { get; init; }

    /// <summary>Null where the graph must tell.</summary>
    public required bool? ChannelsLast { get; init; }

    /// <summary>The size of every processed image; null where it depends on the image.</summary>
    public ImageSize? FixedSize => Crop ?? Resize?.Exact;

    /// <summary>The shorter side below which an image is enlarged; 0 where images keep their size.</summary>
    public int InputSide =>
        Resize is null
            ? 0
            : Resize.Shortest ?? Resize.Longest ?? ((Resize.Exact ?? Resize.Inside) is { } box ? Math.Max(box.Width, box.Height) : 0);

    public static ImageProcessing Load(PackageFiles files, ModelLimits limits)
    {
        JsonFile json = files.FindJson("preprocessor_config.json")
            ?? throw files.Mismatch("preprocessor_config.json", "no such file", "this file in the package");
        foreach (string key in RefusedFlags.Where(k => json.Flag(k) == true).Concat(RefusedKeys.Where(json.Has)))
        {
            throw json.Mismatch(key, "a value", "a processor that resizes, crops, rescales and normalises, nothing more");
        }
        string type = json.Text("image_processor_type") ?? json.Text("feature_extractor_type") ?? "";
        (ResizeRule? resize, ImageSize? crop) = ReadGeometry(json, type, limits);
        return new ImageProcessing
        {
            Resize = resize,
            Crop = crop,
            Values = ReadValues(json),
            Letterbox = Letterbox.Find(json),
            BlueFirst = json.Flag("do_flip_channel_order") ?? false,
            ChannelsLast = (json.Text("data_format") ?? json.Text("input_data_format")) switch
            {
                null => null,
                "channels_first" => false,
                "channels_last" => true,
                var other => throw json.Reject("data_format", other, "channels_first or channels_last"),
            },
        };
    }

    /// <summary>
    /// transformers' center_crop: where the crop is larger than the image, black surrounds it, one more pixel before than after.
    /// </summary>
    public ImagePlacement Place(int width, int height)
    {
        ImageSize resized = Resized(width, height),
            output = Crop ?? resized;
        return Letterbox is { IsCentred: false }
            ? new ImagePlacement(width, height, resized, 0, 0)
            : new ImagePlacement(width, height, resized, -((resized.Width - output.Width) >> 1), -((resized.Height - output.Height) >> 1));
    }

    /// <summary>The size after resizing, of which <see cref="Crop"/> takes the centre.</summary>
    public ImageSize Resized(int width, int height) => Resize?.Apply(width, height) ?? new ImageSize(width, height);

    private static (ResizeRule?, ImageSize?) ReadGeometry(JsonFile json, string type, ModelLimits limits)
    {
        if (Letterbox.Find(json) is not null)
        {
            return Letterbox.ReadGeometry(json, type, limits);
        }
        bool resizes = json.Flag("do_resize") ?? json.Has("size");
        ResizeRule? resize = resizes ? ResizeRule.Read(json, type, limits) : null;
        ImageSize? crop = json.Flag("do_center_crop") == true ? ResizeRule.ReadSize(json, "crop_size", limits) : null;

        // ConvNextImageProcessor: below 384 enlarge by 1/crop_pct and crop the edge back out; from 384 on squash to a square.
        if (type.StartsWith("ConvNext", StringComparison.Ordinal) && resize?.Shortest is { } edge)
        {
            return edge < 384
                ? (resize with { Shortest = Enlarge(json, edge, 224.0 / 256) }, new ImageSize(edge, edge))
                : (resize with { Shortest = null, Exact = new ImageSize(edge, edge) }, null);
        }
        if (type.StartsWith("Levit", StringComparison.Ordinal) && resize?.Shortest is { } levitEdge)
        {
            return (resize with { Shortest = (int)(256.0 / 224 * levitEdge) }, crop);
        }
        if (json.Has("crop_pct") && resize?.Shortest is { } shortest)
        {
            return (resize with { Shortest = Enlarge(json, shortest, 1) }, crop);
        }
        return (resize, crop);
    }

    private static int Enlarge(JsonFile json, int edge, double defaultPart) =>
        (json.Number("crop_pct") ?? defaultPart) switch
        {
            var part and >= 0.1 and <= 1 => (int)(edge / part),
            var part => throw json.Reject("crop_pct", $"{part}", "0.1 to 1"),
        };

    private static float[][] ReadValues(JsonFile json)
    {
        bool normalises = json.Flag("do_normalize") ?? json.Has("image_mean");
        float[] mean = normalises ? ReadChannels(json, "image_mean") : [0, 0, 0];
        float[] deviation = normalises ? ReadChannels(json, "image_std") : [1, 1, 1];
        if (deviation.Contains(0))
        {
            throw json.Reject("image_std", "0", "numbers other than 0");
        }
        double factor = json.Flag("do_rescale") ?? true ? json.Number("rescale_factor") ?? 1 / 255.0 : 1;
        double offset = json.Flag("rescale_offset") == true ? -1 : 0;
        bool twice = normalises && json.Flag("include_top") == true; // EfficientNetImageProcessor divides by the deviation once more
        return
        [
            .. Enumerable
                .Range(0, 3)
                .Select(c =>
                    Enumerable
                        .Range(0, 256)
                        .Select(v => (float)(((v * factor) + offset - mean[c]) / deviation[c] / (twice ? deviation[c] : 1)))
                        .ToArray()
                ),
        ];
    }

    private static float[] ReadChannels(JsonFile json, string key)
    {
        float[] values = json.IsNumber(key) ? [.. Enumerable.Repeat((float)json.Number(key)!.Value, 3)] : json.Numbers(key) ?? [];
        return values.Length == 3 && values.All(float.IsFinite)
            ? values
            : throw json.Reject(key, $"{values.Length} numbers", "3, one for each of red, green and blue");
    }
}
