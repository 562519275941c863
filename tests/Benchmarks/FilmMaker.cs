using System.Diagnostics;
using System.Globalization;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>How long and how large a made film is.</summary>
/// <param name="KilobitsPerSecond">Of the encoded picture; noise keeps the encoder from needing less.</param>
internal sealed record FilmSpec(int Width, int Height, TimeSpan Duration, int KilobitsPerSecond)
{
    /// <summary>Two hours and two gigabytes.</summary>
    public static FilmSpec Large { get; } = new(640, 360, TimeSpan.FromHours(2), 2_250);

    public static FilmSpec Ordinary(TimeSpan duration) => new(1280, 720, duration, 2_500);
}

/// <summary>Makes long films of the sample videos with ffmpeg: all their cuts, scaled and noisy, over and over.</summary>
internal static class FilmMaker
{
    private static readonly string[] Samples =
    [
        "coast-report.mp4",
        "match-day.mkv",
        "evening-fades.mp4",
        "autumn-collection.webm",
        "harbour-long-take.mp4",
        "mountain-walk.mov",
    ];

    /// <summary>A file made by an earlier run is used again.</summary>
    public static async Task<string> MakeAsync(FilmSpec spec, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Checkout.Root, ".data", "bench-films");
        string name = $"{spec.Width}x{spec.Height}-{spec.KilobitsPerSecond}k";
        string film = Path.Combine(folder, $"{name}-{spec.Duration.TotalSeconds:0}s.mp4"),
            part = Path.Combine(folder, $"{name}.mp4");
        if (File.Exists(film))
        {
            return film;
        }
        Directory.CreateDirectory(folder);
        if (!File.Exists(part))
        {
            await WriteAsync(part, EncodingOf(spec), cancellationToken);
        }
        string duration = spec.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await WriteAsync(film, ["-stream_loop", "-1", "-i", part, "-t", duration, "-c", "copy"], cancellationToken);
        return film;
    }

    private static string[] EncodingOf(FilmSpec spec)
    {
        IEnumerable<string> inputs = Samples.SelectMany(sample => new[] { "-i", Path.Combine(Checkout.SamplesMedia, sample) });
        IEnumerable<string> scaled = Samples.Select(
            (_, i) => $"[{i}:v:0]scale={spec.Width}:{spec.Height},setsar=1,fps=25,noise=alls=12:allf=t[v{i}]"
        );
        string joined = string.Concat(Samples.Select((_, i) => $"[v{i}]")) + $"concat=n={Samples.Length}:v=1:a=0";
        string rate = $"{spec.KilobitsPerSecond}k",
            buffer = $"{2 * spec.KilobitsPerSecond}k";
        return
        [
            .. inputs,
            "-filter_complex",
            string.Join(';', [.. scaled, joined]),
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-pix_fmt",
            "yuv420p",
            "-b:v",
            rate,
            "-minrate",
            rate,
            "-maxrate",
            rate,
            "-bufsize",
            buffer,
        ];
    }

    /// <summary>Under another name until it is whole.</summary>
    private static async Task WriteAsync(string path, string[] arguments, CancellationToken cancellationToken)
    {
        string unfinished = path + ".part.mp4";
        using Process ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments, unfinished]);
        await ffmpeg.WaitForExitAsync(cancellationToken);
        if (ffmpeg.ExitCode != 0)
        {
            throw new StackException($"ffmpeg could not make {path} (exit code {ffmpeg.ExitCode}).");
        }
        File.Move(unfinished, path, overwrite: true);
    }
}
