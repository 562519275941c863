using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Media.Video;

/// <summary>
/// Lines of SubRip as ffmpeg writes them → cues. What files lie about is put right or left out: texts without end, times that run backwards
/// or beyond the film, cues without number.
/// </summary>
/// <param name="zero">The timestamp at which the film begins.</param>
/// <param name="end">When it ends, counted from there.</param>
internal sealed partial class CueBuilder(TimeSpan zero, TimeSpan end)
{
    /// <summary>Three hours of talk have about 3,000 cues and 150,000 characters.</summary>
    public const int MaxCues = 20_000;
    public const int MaxCharacters = 1_000_000;
    public const int MaxCueCharacters = 2_000;

    /// <summary>Such a line has more characters than a cue may have, whatever its script.</summary>
    public const int MaxLineBytes = 4 * MaxCueCharacters + 4;

    private readonly List<WebVttCue> _cues = [];
    private readonly StringBuilder _text = new();
    private string? _last; // a line that is the number of the next cue if its times follow
    private (TimeSpan Start, TimeSpan End)? _open;
    private int _characters,
        _cut,
        _outside;

    /// <summary>Whether more cues came than are kept.</summary>
    public bool IsFull { get; private set; }

    /// <summary>False when nothing more is taken.</summary>
    public bool Add(string line)
    {
        if (Times().Match(line) is { Success: true } times)
        {
            _last = null;
            Close();
            IsFull = _cues.Count == MaxCues || _characters >= MaxCharacters;
            _open = IsFull ? null : (TimeOf(times, 1), TimeOf(times, 5));
            return !IsFull;
        }
        TakeLast();
        _last = line;
        return true;
    }

    public SubtitleText Build(string? warning = null)
    {
        TakeLast();
        Close();
        List<string> warnings = warning is null ? [] : [warning];
        if (IsFull)
        {
            warnings.Add($"Found more than {_cues.Count:N0} cues of {_characters:N0} characters; what follows was left out.");
        }
        if (_cut > 0)
        {
            warnings.Add($"Found {_cut:N0} cues longer than {MaxCueCharacters:N0} characters; the rest of each was left out.");
        }
        if (_outside > 0)
        {
            warnings.Add($"Found {_outside:N0} cues that are not within the film's {end.TotalSeconds:F1} s or end before they start.");
        }
        return new SubtitleText([.. _cues.OrderBy(cue => cue.Start)], warnings);
    }

    private void TakeLast()
    {
        if (_last is { } line && _open is not null && _text.Length <= MaxCueCharacters)
        {
            _text.Append(_text.Length > 0 ? "\n" : "").Append(line);
        }
        _last = null;
    }

    private void Close()
    {
        if (_open is not { } times)
        {
            return;
        }
        _open = null;
        _cut += _text.Length > MaxCueCharacters ? 1 : 0;
        string text = ShortText.Of(_text.ToString(), MaxCueCharacters) ?? "";
        _text.Clear();
        TimeSpan start = times.Start - zero,
            stop = times.End - zero;
        start = start < TimeSpan.Zero ? TimeSpan.Zero : start;
        stop = stop > end ? end : stop;
        if (stop - start < TimeSpan.FromMilliseconds(1))
        {
            _outside++;
        }
        else if (text.Length > 0)
        {
            _cues.Add(new WebVttCue(start, stop, text));
            _characters += text.Length;
        }
    }

    private static TimeSpan TimeOf(Match times, int group)
    {
        int Part(int at) => int.Parse(times.Groups[group + at].ValueSpan, CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(3600L * Part(0) + 60 * Part(1) + Part(2)) + TimeSpan.FromMilliseconds(Part(3));
    }

    // libavformat/srtenc.c; hours of two digits or more.
    [GeneratedRegex(@"^(\d{2,7}):(\d\d):(\d\d),(\d{3}) --> (\d{2,7}):(\d\d):(\d\d),(\d{3})( |$)", RegexOptions.CultureInvariant)]
    private static partial Regex Times();
}
