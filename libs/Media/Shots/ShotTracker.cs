using Serverless.Media.Video;

namespace Serverless.Media.Shots;

/// <summary>Frames in, shots with their keyframes out, one pass, a few frames in memory. Can be continued by another process from its
/// <see cref="State"/> with the frames after <see cref="State.Position"/>. For one thread.</summary>
public sealed class ShotTracker : IDisposable
{
    private readonly ShotDetector _detector;
    private readonly Queue<Keyframe> _waiting = new(); // frames whose shot the detector has not decided
    private KeyframeCandidates? _candidates;
    private int _index;
    private TimeSpan _position;

    public sealed record Candidate(TimeSpan Time, double Sharpness);

    public sealed record State(
        ShotDetector.State Detector,
        IReadOnlyList<Candidate> Waiting,
        IReadOnlyList<Candidate> Candidates,
        TimeSpan ShotStart,
        TimeSpan Stretch,
        int Index,
        TimeSpan Position
    );

    public ShotTracker(ShotOptions options, State? resumed = null)
    {
        _detector = new ShotDetector(options, resumed?.Detector);
        if (resumed is null)
        {
            return;
        }

        foreach (Candidate candidate in resumed.Waiting)
        {
            _waiting.Enqueue(Restore(candidate));
        }
        if (resumed.Candidates.Count > 0)
        {
            _candidates = KeyframeCandidates.Resume(resumed.ShotStart, resumed.Stretch, resumed.Candidates.Select(Restore));
        }
        _index = resumed.Index;
        _position = resumed.Position;
    }

    public State Snapshot() =>
        new(
            _detector.Snapshot(),
            [.. _waiting.Select(Describe)],
            [.. (_candidates?.All ?? []).Select(Describe)],
            _candidates?.Start ?? TimeSpan.Zero,
            _candidates?.Stretch ?? TimeSpan.Zero,
            _index,
            _position
        );

    /// <summary>Takes the next frame and owns it. A shot, whose keyframe the caller then owns, when one has just ended.</summary>
    public Shot? Add(VideoFrame frame)
    {
        _position = frame.Time;
        TimeSpan? cut = _detector.Add(frame);
        _waiting.Enqueue(new Keyframe(frame.Time, Sharpness.Measure(frame), frame));
        return _waiting.Count > ShotDetector.Lag ? Settle(cut) : null;
    }

    /// <summary>The last shots, when no more frames follow.</summary>
    public IReadOnlyList<Shot> Finish(TimeSpan end)
    {
        var shots = new List<Shot>();
        while (_waiting.Count > 0)
        {
            if (Settle(_detector.Finish(_waiting.Count)) is { } shot)
            {
                shots.Add(shot);
            }
        }

        if (_candidates is not null)
        {
            shots.Add(End(end));
        }
        return shots;
    }

    public void Dispose()
    {
        foreach (Keyframe keyframe in _waiting)
        {
            keyframe.Dispose();
        }
        _waiting.Clear();
        _candidates?.Dispose();
    }

    // The oldest waiting frame belongs to the open shot, or begins the next.
    private Shot? Settle(TimeSpan? cut)
    {
        Keyframe next = _waiting.Dequeue();
        Shot? ended = cut is { } at && _candidates is not null ? End(at) : null;
        _candidates ??= new KeyframeCandidates(next.Time);
        _candidates.Add(next);
        return ended;
    }

    private Shot End(TimeSpan end)
    {
        KeyframeCandidates ended = _candidates!;
        _candidates = null;
        return new Shot(_index++, ended.Start, end, ended.Take(end));
    }

    private static Candidate Describe(Keyframe keyframe) => new(keyframe.Time, keyframe.Sharpness);

    private static Keyframe Restore(Candidate candidate) => new(candidate.Time, candidate.Sharpness, null);
}
