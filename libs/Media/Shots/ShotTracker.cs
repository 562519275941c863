using Serverless.Media.Video;

namespace Serverless.Media.Shots;

/// <summary>Frames in, shots with their keyframes out, one pass, a few frames in memory. Can be continued by another process from its
/// <see cref="State"/> with the frames after <see cref="State.Position"/>. For one thread.</summary>
public sealed class ShotTracker : IDisposable
{
    private readonly ShotDetector detector;
    private readonly Queue<Keyframe> waiting = new(); // frames whose shot the detector has not decided
    private KeyframeCandidates? candidates;
    private int index;
    private TimeSpan position;

    public sealed record Candidate(TimeSpan Time, double Sharpness);

    public sealed record State(
        ShotDetector.State Detector, IReadOnlyList<Candidate> Waiting, IReadOnlyList<Candidate> Candidates, TimeSpan ShotStart, TimeSpan Stretch, int Index, TimeSpan Position);

    public ShotTracker(ShotOptions options, State? resumed = null)
    {
        detector = new ShotDetector(options, resumed?.Detector);
        if (resumed is null) return;

        foreach (Candidate candidate in resumed.Waiting) waiting.Enqueue(Restore(candidate));
        if (resumed.Candidates.Count > 0) candidates = KeyframeCandidates.Resume(resumed.ShotStart, resumed.Stretch, resumed.Candidates.Select(Restore));
        index = resumed.Index;
        position = resumed.Position;
    }

    public State Snapshot() => new(
        detector.Snapshot(), [.. waiting.Select(Describe)], [.. (candidates?.All ?? []).Select(Describe)],
        candidates?.Start ?? TimeSpan.Zero, candidates?.Stretch ?? TimeSpan.Zero, index, position);

    /// <summary>Takes the next frame and owns it. A shot, whose keyframe the caller then owns, when one has just ended.</summary>
    public Shot? Add(VideoFrame frame)
    {
        position = frame.Time;
        TimeSpan? cut = detector.Add(frame);
        waiting.Enqueue(new Keyframe(frame.Time, Sharpness.Measure(frame), frame));
        return waiting.Count > ShotDetector.Lag ? Settle(cut) : null;
    }

    /// <summary>The last shots, when no more frames follow.</summary>
    public IReadOnlyList<Shot> Finish(TimeSpan end)
    {
        var shots = new List<Shot>();
        while (waiting.Count > 0)
        {
            if (Settle(detector.Finish(waiting.Count)) is { } shot) shots.Add(shot);
        }

        if (candidates is not null) shots.Add(End(end));
        return shots;
    }

    public void Dispose()
    {
        foreach (Keyframe keyframe in waiting) keyframe.Dispose();
        waiting.Clear();
        candidates?.Dispose();
    }

    // The oldest waiting frame belongs to the open shot, or begins the next.
    private Shot? Settle(TimeSpan? cut)
    {
        Keyframe next = waiting.Dequeue();
        Shot? ended = cut is { } at && candidates is not null ? End(at) : null;
        candidates ??= new KeyframeCandidates(next.Time);
        candidates.Add(next);
        return ended;
    }

    private Shot End(TimeSpan end)
    {
        KeyframeCandidates ended = candidates!;
        candidates = null;
        return new Shot(index++, ended.Start, end, ended.Take(end));
    }

    private static Candidate Describe(Keyframe keyframe) => new(keyframe.Time, keyframe.Sharpness);

    private static Keyframe Restore(Candidate candidate) => new(candidate.Time, candidate.Sharpness, null);
}
