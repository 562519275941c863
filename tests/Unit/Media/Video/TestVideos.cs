using System.Diagnostics;
using Xunit;

namespace Serverless.Unit.Media.Video;

/// <summary>
/// Short films made by ffmpeg from its own test pictures, once for all tests; they are skipped where it is not installed.
/// </summary>
public sealed class TestVideos : IDisposable
{
    private const string Scenes =
        "testsrc2=s=320x180:r=30:d=1.5[a];smptebars=s=320x180:r=30:d=1.5[b];"
        + "mandelbrot=s=320x180:r=30,trim=duration=1.5[c];color=c=0x204080:s=320x180:r=30:d=1.5[d];[a][b][c][d]concat=n=4";

    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-media-").FullName;
    private readonly Dictionary<string, string> _made = [];
    private readonly Lock _gate = new();

    /// <summary>Four scenes of 1.5 s with sound; cuts at 1.5, 3.0 and 4.5 s.</summary>
    public string Cuts =>
        Make(
            "cuts.mp4",
            [
                "-f",
                "lavfi",
                "-i",
                Scenes,
                "-f",
                "lavfi",
                "-i",
                "sine=d=6",
                "-c:v",
                "mpeg4",
                "-q:v",
                "4",
                "-g",
                "60",
                "-c:a",
                "aac",
                "-movflags",
                "+faststart",
            ]
        );

    public string CutsWebm => Make("cuts.webm", ["-i", Cuts, "-an", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"]);

    /// <summary>Two of three frames are missing in the second half.</summary>
    public string Variable =>
        Make(
            "variable.mkv",
            ["-i", Cuts, "-vf", "select='lt(n,90)+not(mod(n,3))'", "-fps_mode", "passthrough", "-an", "-c:v", "mpeg4", "-q:v", "4"]
        );

    /// <summary>Six pictures, each shown for ten seconds.</summary>
    public string Slides(string container)
    {
        string[] codec = container == "webm" ? ["-c:v", "libvpx"] : ["-c:v", "mpeg4", "-q:v", "4"];
        return Make(
            $"slides.{container}",
            ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=1/10:d=60", .. codec, "-g", "1", "-movflags", "+faststart"]
        );
    }

    /// <summary>The four scenes in this container; its cut scenes begin with a picture of their own.</summary>
    public string Of(string container) =>
        container switch
        {
            "webm" => CutsWebm,
            "mp4" => Cuts,
            _ => Make($"cuts.{container}", ["-i", Cuts, "-c", "copy"]),
        };

    /// <summary>A Matroska file whose tags no longer say how long each stream is.</summary>
    public static byte[] WithoutEnds(byte[] matroska)
    {
        for (int at; (at = matroska.AsSpan().IndexOf("DURATION"u8)) >= 0; )
        {
            "WHATEVER"u8.CopyTo(matroska.AsSpan(at));
        }
        return matroska;
    }

    public string Rotated => Make("rotated.mov", ["-i", Cuts, "-c", "copy", "-metadata:s:v", "rotate=90"]);

    public string SoundOnly => Make("sound.mp4", ["-i", Cuts, "-vn", "-c", "copy"]);

    /// <summary>Written with its header at the end.</summary>
    public string HeaderLast => Make("last.mp4", ["-i", Cuts, "-c", "copy"]);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What ffmpeg makes by these arguments, under a name that no other film of the class has.</summary>
    /// <param name="output">Under which ffmpeg writes it, where that is another name.</param>
    public string Make(string name, string[] arguments, string? output = null)
    {
        lock (_gate)
        {
            if (_made.TryGetValue(name, out string? path))
            {
                return path;
            }

            path = Path.Combine(_folder, name);
            using Process? process = Start(["-v", "error", "-nostdin", "-y", .. arguments, Path.Combine(_folder, output ?? name)]);
            Assert.SkipWhen(process is null, "ffmpeg is not installed.");
            process!.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return _made[name] = path;
        }
    }

    private static Process? Start(string[] arguments)
    {
        try
        {
            return Process.Start("ffmpeg", arguments);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
