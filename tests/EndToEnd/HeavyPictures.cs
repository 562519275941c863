using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Small files that decode to much: pictures of one colour.</summary>
internal static class HeavyPictures
{
    public static readonly string[] Colours = ["red", "green", "blue", "white", "gray", "navy", "olive", "teal"];

    /// <param name="ending">Of the file, which tells ffmpeg the format.</param>
    public static async Task<byte[]> MakeAsync(string colour, int side, string ending = "gif", params string[] options)
    {
        string file = Path.Combine(Path.GetTempPath(), $"heavy-{Environment.ProcessId}-{colour}-{side}.{ending}");
        (int code, string output) = await Terminal.RunAsync(
            "ffmpeg",
            ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", $"color=c={colour}:s={side}x{side}", "-frames:v", "1", .. options, file]
        );
        Assert.True(code == 0, output);
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        File.Delete(file);
        return bytes;
    }
}
