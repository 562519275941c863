using Serverless.Imaging;
using Serverless.Packages;

namespace Serverless.Inference.Images;

/// <summary>To which size an image is resized: an exact one, or the shorter (or longer) edge to a length with the aspect kept.</summary>
internal sealed record ResizeRule(ImageSize? Exact, int? Shortest, int? Longest, ResampleFilter Filter)
{
    /// <summary>The size that an image is made to fit inside, its shape kept; null for the other rules.</summary>
    public ImageSize? Inside { get; init; }

    /// <summary>What processors do with a size that is one number, and the filter they use when none is named.</summary>
    private static readonly (string Prefix, bool Square, ResampleFilter Filter)[] Processors =
    [
        ("ViT", true, ResampleFilter.Bilinear),
        ("DeiT", true, ResampleFilter.Bicubic),
        ("Beit", true, ResampleFilter.Bicubic),
        ("EfficientNet", true, ResampleFilter.Nearest),
        ("Siglip", true, ResampleFilter.Bicubic),
        ("CLIP", false, ResampleFilter.Bicubic),
        ("ConvNext", false, ResampleFilter.Bilinear),
        ("MobileNet", false, ResampleFilter.Bilinear),
        ("MobileViT", false, ResampleFilter.Bilinear),
        ("Bit", false, ResampleFilter.Bicubic),
        ("Levit", false, ResampleFilter.Bicubic),
        ("PoolFormer", false, ResampleFilter.Bicubic),
    ];

    public static ResizeRule Read(JsonFile json, string processor, ModelLimits limits)
    {
        int known = Array.FindIndex(Processors, p => processor.StartsWith(p.Prefix, StringComparison.Ordinal));
        ResampleFilter filter = json.Integer("resample") switch
        {
            { } code when Enum.IsDefined((ResampleFilter)code) => (ResampleFilter)code,
            { } code => throw json.Reject("resample", $"{code}", "0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box or 5 hamming"),
            null when known >= 0 => Processors[known].Filter,
            null => throw json.Mismatch("resample", "nothing", $"a filter, since the processor '{processor}' is not known"),
        };
        if (json.IsNumber("size"))
        {
            int side = Check(json, "size", json.Integer("size")!.Value, limits);
            return known < 0
                    ? throw json.Mismatch(
                        "size",
                        $"{side}",
                        $"height and width, or shortest_edge, since the processor '{processor}' is not known"
                    )
                : Processors[known].Square ? new ResizeRule(new ImageSize(side, side), null, null, filter)
                : new ResizeRule(null, side, null, filter);
        }
        JsonFile size = json.Object("size") ?? throw json.Mismatch("size", "nothing", "the size to resize to");
        if (size.Has("height") || size.Has("width"))
        {
            return new ResizeRule(ReadSize(json, "size", limits), null, null, filter);
        }
        int? shortest = Edge(size, "shortest_edge", limits),
            longest = Edge(size, "longest_edge", limits);
        return shortest is null && longest is null
            ? throw json.Mismatch("size", "other keys", "height and width, shortest_edge or longest_edge")
            : new ResizeRule(null, shortest, longest, filter);
    }

    /// <summary>A size of height and width, or of one number for both.</summary>
    public static ImageSize ReadSize(JsonFile json, string key, ModelLimits limits)
    {
        if (json.IsNumber(key))
        {
            int side = Check(json, key, json.Integer(key)!.Value, limits);
            return new ImageSize(side, side);
        }
        JsonFile size = json.Object(key) ?? throw json.Reject(key, "nothing", "height and width");
        return new ImageSize(
            Edge(size, "width", limits) ?? throw size.Reject("width", "nothing", "a number of pixels"),
            Edge(size, "height", limits) ?? throw size.Reject("height", "nothing", "a number of pixels")
        );
    }

    /// <summary>transformers' get_resize_output_image_size: the other edge is truncated, not rounded.</summary>
    public ImageSize Apply(int width, int height)
    {
        if (Exact is { } exact)
        {
            return exact;
        }
        if (Inside is { } box)
        {
            double ratio = Math.Min((double)box.Width / width, (double)box.Height / height);
            return new ImageSize(Math.Clamp((int)(width * ratio), 1, box.Width), Math.Clamp((int)(height * ratio), 1, box.Height));
        }
        (int small, int large) = width <= height ? (width, height) : (height, width);
        (int newSmall, int newLarge) = Shortest is { } edge
            ? (edge, (int)((long)edge * large / small))
            : (Math.Max(1, (int)((long)Longest!.Value * small / large)), Longest.Value);
        if (Shortest is not null && Longest is { } most && newLarge > most)
        {
            (newSmall, newLarge) = (Math.Max(1, (int)((long)most * newSmall / newLarge)), most);
        }
        return width <= height ? new ImageSize(newSmall, newLarge) : new ImageSize(newLarge, newSmall);
    }

    private static int? Edge(JsonFile size, string key, ModelLimits limits) =>
        size.Integer(key) is { } value ? Check(size, key, value, limits) : null;

    private static int Check(JsonFile json, string key, int value, ModelLimits limits) =>
        value > 0 && value <= limits.MaxImageSide ? value : throw json.Reject(key, $"{value}", $"1 to {limits.MaxImageSide} pixels");
}
