using System.Globalization;
using System.Text.Json;

namespace Serverless.Media.Video;

/// <summary>ffprobe's answer → <see cref="VideoInfo"/>, held against the limits.</summary>
internal static class VideoProbe
{
    public const string Entries =
        "format=duration:stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,"
        + "duration,start_time,sample_rate,channels,color_space"
        + ":stream_disposition=attached_pic:stream_tags=rotate,DURATION:stream_side_data=rotation";

    public static VideoInfo Read(JsonElement answer, string mediaType, VideoOptions options)
    {
        JsonElement? video = null,
            audio = null;
        if (answer.TryGetProperty("streams", out JsonElement streams))
        {
            foreach (JsonElement stream in streams.EnumerateArray())
            {
                string? type = Text(stream, "codec_type");
                if (type == "video" && video is null && !IsCover(stream))
                {
                    video = stream;
                }
                if (type == "audio")
                {
                    audio ??= stream;
                }
            }
        }

        if (video is not { } film)
        {
            throw new MediaRejectedException(
                MediaFault.Unsupported,
                $"Found a {mediaType} file without a video stream; allowed are files with one."
            );
        }

        string codec = Text(film, "codec_name") ?? "unknown";
        if (!FfmpegInput.VideoCodecs.Contains(codec))
        {
            throw Unsupported(codec);
        }

        (int width, int height) = DisplaySize(film, options);
        VideoClock clock = VideoClock.Read(answer, film, FfmpegInput.IsMatroska(mediaType));
        if (clock.End > options.MaxDuration)
        {
            throw new MediaRejectedException(
                MediaFault.TooLarge,
                $"Found a video of {clock.End.Value.TotalHours:F1} hours; allowed are {options.MaxDuration.TotalHours:F1}."
            );
        }

        double mean = Ratio(Text(film, "avg_frame_rate")),
            least = Ratio(Text(film, "r_frame_rate"));
        return new VideoInfo(
            mediaType,
            clock.End,
            clock.IsOfPictures,
            width,
            height,
            (long)Number(film, "width") * Number(film, "height"),
            mean > 0 ? mean : least,
            mean > 0 && Math.Abs(mean - least) > 0.01 * least,
            codec,
            Audio(audio),
            film.GetProperty("index").GetInt32(),
            clock.Zero,
            Matrix(Text(film, "color_space"))
        );
    }

    public static MediaRejectedException Unsupported(string codec) =>
        new(
            MediaFault.Unsupported,
            $"Found a video in the unsupported codec '{codec}'; allowed are {string.Join(", ", FfmpegInput.VideoCodecs)}."
        );

    private static (int Width, int Height) DisplaySize(JsonElement film, VideoOptions options)
    {
        int width = Number(film, "width"),
            height = Number(film, "height");
        if (width <= 0 || height <= 0)
        {
            throw new MediaRejectedException("Found a video that tells no picture size; its header is damaged or missing.");
        }
        if ((long)width * height > options.MaxPixels)
        {
            throw new MediaRejectedException(
                MediaFault.TooLarge,
                $"Found a video of {width:N0}x{height:N0} pixels; allowed are {options.MaxPixels:N0}."
            );
        }

        double aspect = Ratio(Text(film, "sample_aspect_ratio")?.Replace(':', '/'));
        if (aspect is > 0.1 and < 10)
        {
            width = (int)Math.Round(width * aspect);
        }
        return Math.Abs(Rotation(film)) % 180 == 90 ? (height, width) : (width, height);
    }

    private static int Rotation(JsonElement film)
    {
        if (film.TryGetProperty("side_data_list", out JsonElement list))
        {
            foreach (JsonElement data in list.EnumerateArray())
            {
                if (data.TryGetProperty("rotation", out JsonElement rotation) && rotation.TryGetDouble(out double degrees))
                {
                    return (int)Math.Round(degrees / 90) * 90;
                }
            }
        }

        return
            film.TryGetProperty("tags", out JsonElement tags)
            && int.TryParse(Text(tags, "rotate"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int tag)
            ? tag
            : 0;
    }

    private static AudioInfo? Audio(JsonElement? audio) =>
        audio is not { } stream
            ? null
            : new AudioInfo(
                Text(stream, "codec_name") ?? "unknown",
                int.TryParse(Text(stream, "sample_rate"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int rate) ? rate : 0,
                Number(stream, "channels")
            );

    private static YuvMatrix Matrix(string? space) =>
        space switch
        {
            "bt709" => YuvMatrix.Bt709,
            "bt2020nc" or "bt2020c" => YuvMatrix.Bt2020,
            _ => YuvMatrix.Bt601, // ffmpeg's own choice where nothing is said
        };

    public static bool IsCover(JsonElement stream) =>
        stream.TryGetProperty("disposition", out JsonElement disposition) && Number(disposition, "attached_pic") == 1;

    private static double Ratio(string? text)
    {
        string[] parts = (text ?? "").Split('/');
        return
            parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double a)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double b)
            && b > 0
            ? a / b
            : 0;
    }

    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static int Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.TryGetInt32(out int number) ? number : 0;
}
