using System.Globalization;
using System.Threading.Channels;

namespace Serverless.Media.Video;

/// <summary>What ffmpeg says while it decodes: the timestamp of each frame (filter showinfo), and its complaints.</summary>
internal sealed class DecoderLog
{
    private const int KeptErrors = 3;

    private readonly FfmpegInput _input;
    private readonly List<string> _errors = [];
    private readonly Channel<TimeSpan?> _times;
    private double _ticksPerUnit;

    /// <param name="readAhead">The log may run ahead of the frames by no more than these.</param>
    public DecoderLog(FfmpegInput input, int readAhead)
    {
        _input = input;
        _times = Channel.CreateBounded<TimeSpan?>(new BoundedChannelOptions(readAhead) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>The first complaints, without our name of the file; complete when the log has ended.</summary>
    public string Errors => _errors.Count == 0 ? "no reason given" : string.Join("; ", _errors);

    /// <summary>A part of the file is missing at its end.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>The decoder that the film would take and that is not on the list of those allowed; null where there is none.</summary>
    public string? UnlistedDecoder { get; private set; }

    /// <summary>Timestamps in the order of the frames; null for a frame without one.</summary>
    public ChannelReader<TimeSpan?> Times => _times.Reader;

    public async Task FollowAsync(Stream stream, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (string line in BoundedLines.ReadAsync(stream, cancellationToken))
            {
                if (line.Contains("[Parsed_showinfo", StringComparison.Ordinal))
                {
                    await FrameAsync(line, cancellationToken);
                }
                else
                {
                    Complaint(line);
                }
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            _times.Writer.TryComplete(failure);
        }
    }

    private async ValueTask FrameAsync(string line, CancellationToken cancellationToken)
    {
        if (Field(line, "config in time_base:") is { } timeBase)
        {
            string[] parts = timeBase.TrimEnd(',').Split('/');
            if (parts.Length == 2)
            {
                _ticksPerUnit =
                    TimeSpan.TicksPerSecond
                    * double.Parse(parts[0], CultureInfo.InvariantCulture)
                    / double.Parse(parts[1], CultureInfo.InvariantCulture);
            }
        }
        else if (Field(line, " pts:") is { } pts)
        {
            TimeSpan? time = long.TryParse(pts, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long units)
                ? new TimeSpan((long)Math.Round(units * _ticksPerUnit))
                : null;
            await _times.Writer.WriteAsync(time, cancellationToken);
        }
    }

    // "[h264 @ 0x55e0a2b3] [error] text"
    private void Complaint(string line)
    {
        int mark = line.IndexOf("[error] ", StringComparison.Ordinal);
        if (mark < 0)
        {
            mark = line.IndexOf("[fatal] ", StringComparison.Ordinal);
        }
        if (mark < 0)
        {
            return;
        }

        string text = line[(mark + 8)..].Trim().Replace(_input.Url, "file", StringComparison.Ordinal);
        if (
            text.StartsWith("Codec (", StringComparison.Ordinal)
            && text.IndexOf(") not on whitelist", StringComparison.Ordinal) is > 0 and int end
        )
        {
            UnlistedDecoder ??= text["Codec (".Length..end];
            return;
        }
        IsTruncated |=
            text.Contains("partial file", StringComparison.Ordinal) || text.Contains("File ended prematurely", StringComparison.Ordinal);
        if (_errors.Count < KeptErrors && !_errors.Contains(text))
        {
            _errors.Add(text);
        }
    }

    private static string? Field(string line, string name)
    {
        int at = line.IndexOf(name, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }
        ReadOnlySpan<char> rest = line.AsSpan(at + name.Length).TrimStart();
        int end = rest.IndexOf(' ');
        return (end < 0 ? rest : rest[..end]).ToString();
    }
}
