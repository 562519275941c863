using Serverless.Imaging;
using Serverless.Packages;

namespace Serverless.Inference.Images;

/// <summary>
/// How detectors fit any image into one size: resized with its shape kept, and bars of one grey beside it. preprocessor_config.json's
/// do_letterbox, with "letterbox_fill" (default 114) and "letterbox_centred" (default false: the image in the left upper corner), as
/// YOLOX's preproc does it (yolox/data/data_augment.py, Apache-2.0).
/// </summary>
internal sealed record Letterbox(byte Fill, bool IsCentred)
{
    /// <summary>Null where the processor does not letterbox.</summary>
    public static Letterbox? Find(JsonFile json) =>
        json.Flag("do_letterbox") != true
            ? null
            : new Letterbox(
                json.Integer("letterbox_fill") switch
                {
                    null => 114,
                    { } fill and >= 0 and <= 255 => (byte)fill,
                    { } fill => throw json.Reject("letterbox_fill", $"{fill}", "0 to 255"),
                },
                json.Flag("letterbox_centred") ?? false
            );

    public static (ResizeRule, ImageSize?) ReadGeometry(JsonFile json, string type, ModelLimits limits)
    {
        ResizeRule rule = ResizeRule.Read(json, type, limits);
        return rule.Exact is { } size
            ? (rule with { Exact = null, Inside = size }, size)
            : throw json.Reject("size", "no height and width", "both, since images are letterboxed");
    }
}
