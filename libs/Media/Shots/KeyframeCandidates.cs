namespace Serverless.Media.Shots;

/// <summary>Keeps the sharpest frame of each of at most 16 equal stretches of a shot whose length is not known yet: when it grows
/// beyond them, stretches are merged in pairs. So the sharpest frame near the middle is at hand when the shot ends.</summary>
internal sealed class KeyframeCandidates(TimeSpan start) : IDisposable
{
    private const int MaxStretches = 16;
    private static readonly TimeSpan ShortestStretch = TimeSpan.FromSeconds(0.04);

    private readonly List<(long Stretch, Keyframe Best)> _stretches = new(MaxStretches + 1);
    private TimeSpan _length = ShortestStretch;

    public TimeSpan Start { get; } = start;

    public TimeSpan Stretch => _length;

    public IEnumerable<Keyframe> All => _stretches.Select(stretch => stretch.Best);

    public static KeyframeCandidates Resume(TimeSpan start, TimeSpan stretch, IEnumerable<Keyframe> candidates)
    {
        var resumed = new KeyframeCandidates(start) { _length = stretch };
        foreach (Keyframe candidate in candidates)
        {
            resumed.Add(candidate);
        }
        return resumed;
    }

    public void Add(Keyframe candidate)
    {
        long stretch = Math.Max(0, (candidate.Time - Start).Ticks / _length.Ticks);
        if (_stretches.Count > 0 && _stretches[^1].Stretch == stretch)
        {
            _stretches[^1] = (stretch, Sharper(_stretches[^1].Best, candidate));
            return;
        }

        _stretches.Add((stretch, candidate));
        while (_stretches.Count > MaxStretches)
        {
            Merge();
        }
    }

    /// <summary>The sharpest in the middle third, or the one nearest to the middle; the others are let go.</summary>
    public Keyframe Take(TimeSpan end)
    {
        TimeSpan third = (end - Start) / 3,
            middle = Start + (end - Start) / 2;
        Keyframe? best = null;
        foreach ((_, Keyframe candidate) in _stretches)
        {
            if (candidate.Time < Start + third || candidate.Time > end - third)
            {
                continue;
            }
            if (best is null || candidate.Sharpness > best.Sharpness)
            {
                best = candidate;
            }
        }

        best ??= _stretches.MinBy(stretch => (stretch.Best.Time - middle).Duration()).Best;
        _stretches.RemoveAll(stretch => ReferenceEquals(stretch.Best, best));
        Dispose();
        return best;
    }

    public void Dispose()
    {
        foreach ((_, Keyframe candidate) in _stretches)
        {
            candidate.Dispose();
        }
        _stretches.Clear();
    }

    private void Merge()
    {
        _length *= 2;
        int kept = 0;
        foreach ((long stretch, Keyframe candidate) in _stretches.ToArray())
        {
            if (kept > 0 && _stretches[kept - 1].Stretch == stretch / 2)
            {
                _stretches[kept - 1] = (stretch / 2, Sharper(_stretches[kept - 1].Best, candidate));
            }
            else
            {
                _stretches[kept++] = (stretch / 2, candidate);
            }
        }

        _stretches.RemoveRange(kept, _stretches.Count - kept);
    }

    private static Keyframe Sharper(Keyframe a, Keyframe b)
    {
        (Keyframe best, Keyframe other) = b.Sharpness > a.Sharpness ? (b, a) : (a, b);
        other.Dispose();
        return best;
    }
}
