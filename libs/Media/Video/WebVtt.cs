using System.Globalization;
using System.Text;

namespace Serverless.Media.Video;

public sealed record WebVttCue(TimeSpan Start, TimeSpan End, string Text);

/// <summary>Writes WebVTT (W3C WebVTT §4).</summary>
public static class WebVtt
{
    public static string Write(IEnumerable<WebVttCue> cues)
    {
        var text = new StringBuilder("WEBVTT\n");
        int number = 0;
        foreach (WebVttCue cue in cues)
        {
            if (cue.End <= cue.Start)
            {
                throw new ArgumentException($"Cue {number + 1} ends at {cue.End}, not after its start at {cue.Start}.", nameof(cues));
            }
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{++number}\n{Timestamp(cue.Start)} --> {Timestamp(cue.End)}\n{Escape(cue.Text)}\n"
            );
        }

        return text.ToString();
    }

    private static string Timestamp(TimeSpan time) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)time.TotalHours:D2}:{time.Minutes:D2}:{time.Seconds:D2}.{time.Milliseconds:D3}"
        );

    // A blank line would end the cue; "-->" falls with '>'.
    private static string Escape(string text) =>
        string.Join(
            '\n',
            text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
        );
}
