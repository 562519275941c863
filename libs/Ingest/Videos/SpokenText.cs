using System.Text;
using Serverless.Media.Text;
using Serverless.Media.Video;

namespace Serverless.Ingest.Videos;

/// <summary>Cues as one text to be read, with the way back from its characters to the times of the film.</summary>
internal sealed class SpokenText
{
    /// <summary>What a search points at is to be heard within so long.</summary>
    private static readonly TimeSpan LongestPassage = TimeSpan.FromSeconds(30);

    /// <summary>A silence of so long ends what was said, though no full stop may stand there.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<WebVttCue> _cues;
    private readonly int[] _starts;

    /// <param name="cues">In the order of their starts, at least one.</param>
    public SpokenText(IReadOnlyList<WebVttCue> cues, TextOptions options, CancellationToken cancellationToken)
    {
        _cues = cues;
        _starts = new int[cues.Count];
        StringBuilder text = new();
        for (int i = 0; i < cues.Count; i++)
        {
            if (i > 0)
            {
                text.Append(cues[i].Start - cues[i - 1].End >= Silence ? "\n\n" : " ");
            }
            _starts[i] = text.Length;
            text.Append(cues[i].Text);
        }
        Document = TextDocument.Read(Encoding.UTF8.GetBytes(text.ToString()), "text/plain", options, cancellationToken);
    }

    public TextDocument Document { get; }

    public bool MayJoin(TextRange normalised)
    {
        TextRange original = Document.OriginalRange(normalised);
        (TimeSpan start, TimeSpan end) = Times(original.Start, original.End);
        return end - start <= LongestPassage;
    }

    /// <summary>The seconds during which characters of the decoded text are shown.</summary>
    public (double Start, double End) Seconds(int start, int end)
    {
        (TimeSpan from, TimeSpan to) = Times(start, end);
        return (Math.Round(from.TotalSeconds, 3), Math.Round(to.TotalSeconds, 3));
    }

    public string Place(int start, int end)
    {
        (double from, double to) = Seconds(start, end);
        return Analyzers.Place.OfTime(from, to);
    }

    private (TimeSpan Start, TimeSpan End) Times(int start, int end)
    {
        int first = CueAt(start),
            last = CueAt(Math.Max(start, end - 1));
        TimeSpan until = _cues[first].End;
        for (int i = first + 1; i <= last; i++)
        {
            until = _cues[i].End > until ? _cues[i].End : until;
        }
        return (_cues[first].Start, until);
    }

    private int CueAt(int character)
    {
        int found = Array.BinarySearch(_starts, character);
        return found >= 0 ? found : Math.Max(0, ~found - 1);
    }
}
