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
            if (Milliseconds(cue.End) <= Milliseconds(cue.Start))
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

    private static string Timestamp(TimeSpan time)
    {
        (long seconds, long milliseconds) = Math.DivRem(Milliseconds(time), 1000);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}.{milliseconds:D3}"
        );
    }

    // Rounded as the analysis document rounds its seconds.
    private static long Milliseconds(TimeSpan time) => (long)Math.Round(time.TotalMilliseconds);

    // A blank line would end the cue; "-->" falls with '>'.
    private static string Escape(string text) =>
        string.Join(
            '\n',
            text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
        );
}
