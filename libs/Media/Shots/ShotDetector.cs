using Serverless.Media.Video;

namespace Serverless.Media.Shots;

/// <summary>Finds cuts and fades in a stream of frames by content change, after PySceneDetect's AdaptiveDetector and ThresholdDetector
/// (B. Castellano, BSD-3): a cut is a change much larger than those around it; the way out of black ends a fade. A change that
/// is undone two frames later was a flash. Decides on a frame when <see cref="Lag"/> later ones have been seen.</summary>
public sealed class ShotDetector
{
    public const int Lag = 2;

    private const int Window = 2 * Lag + 2; // one more before than after: a flash is Lag frames long at most

    private readonly ShotOptions _options;
    private readonly List<Seen> _window = new(Window + 1);
    private TimeSpan? _shotStart;
    private bool _black,
        _visible;

    /// <summary>One frame as the detector remembers it.</summary>
    public sealed record Seen(TimeSpan Time, byte[] Signature, double Change);

    /// <summary>All that a later process needs to go on exactly here.</summary>
    public sealed record State(IReadOnlyList<Seen> Window, TimeSpan? ShotStart, bool Black, bool Visible);

    public ShotDetector(ShotOptions options, State? resumed = null)
    {
        _options = options;
        if (resumed is null)
        {
            return;
        }
        _window.AddRange(resumed.Window);
        _shotStart = resumed.ShotStart;
        _black = resumed.Black;
        _visible = resumed.Visible;
    }

    public State Snapshot() => new([.. _window], _shotStart, _black, _visible);

    /// <summary>Takes the next frame. Time of the frame <see cref="Lag"/> places back if a shot begins there, else null; the first shot
    /// begins with the first frame and is not reported.</summary>
    public TimeSpan? Add(VideoFrame frame)
    {
        byte[] signature = FrameSignature.Of(frame);
        if (_window.Count > 0 && _window[^1].Signature.Length != signature.Length)
        {
            throw new ArgumentException("The frames of one film must have one size.", nameof(frame));
        }

        double change = _window.Count == 0 ? 0 : FrameSignature.Difference(_window[^1].Signature, signature);
        _shotStart ??= frame.Time;
        _window.Add(new Seen(frame.Time, signature, change));
        if (_window.Count > Window)
        {
            _window.RemoveAt(0);
        }
        return _window.Count > Lag ? Decide(_window.Count - 1 - Lag) : null;
    }

    /// <summary>Decides on the last frames when no more follow; call <see cref="Lag"/> times, from the oldest on.</summary>
    public TimeSpan? Finish(int framesLeft) => _window.Count >= framesLeft ? Decide(_window.Count - framesLeft) : null;

    private TimeSpan? Decide(int index)
    {
        Seen seen = _window[index];
        bool wasBlack = _black;
        _black = FrameSignature.MeanLuma(seen.Signature) <= _options.BlackLuma;
        if (_black)
        {
            return null;
        }

        bool begins = (wasBlack && _visible) || (!wasBlack && IsCut(index)); // black before the first picture belongs to its shot
        _visible = true;
        if (!begins || seen.Time - _shotStart < _options.MinLength)
        {
            return null;
        }

        _shotStart = seen.Time;
        return seen.Time;
    }

    private bool IsCut(int index)
    {
        Seen seen = _window[index];
        if (index == 0 || seen.Change < _options.MinChange)
        {
            return false;
        }

        double sum = 0;
        int count = 0;
        for (int i = Math.Max(0, index - Lag); i < _window.Count && i <= index + Lag; i++)
        {
            if (i == index)
            {
                continue;
            }
            sum += _window[i].Change;
            count++;
        }

        double around = count == 0 ? 0 : sum / count;
        if (seen.Change < _options.AdaptiveRatio * around)
        {
            return false;
        }
        return !IsAlike(index - 1, index + Lag, seen.Change)
            && !IsAlike(index - Lag, index, seen.Change)
            && !IsAlike(index - Lag - 1, index, seen.Change);
    }

    // The picture before a flash comes back after it.
    private bool IsAlike(int before, int after, double change) =>
        before >= 0
        && FrameSignature.Difference(_window[before].Signature, _window[Math.Min(after, _window.Count - 1)].Signature) < change / 2;
}
