using System.Threading.Channels;
using Serverless.Imaging;
using Serverless.Media.Shots;
using Serverless.Media.Video;

namespace Serverless.Ingest.Videos;

/// <summary>
/// One pass over one video: decoding finds shots, and beside it their keyframes are analysed, with a bounded channel between the two.
/// At the end of every segment the analysis of all its shots is put down before the pass can be continued from there.
/// </summary>
internal sealed class VideoRun(
    VideoReader reader,
    KeyframeAnalyzer keyframes,
    VideoProgress progress,
    ShotOptions shotOptions,
    VideoAnalysisOptions options,
    AnalysisRequest request,
    string file,
    VideoInfo info,
    int side
)
{
    /// <summary>Shots that wait for the models; decoding waits when there are more.</summary>
    private const int MaxWaiting = 32;

    /// <summary>Keyframes on their way through the models and into the store at once.</summary>
    private const int MaxInFlight = 16;

    /// <summary>Sound often begins a little before the pictures, with what its encoder needed to get going.</summary>
    private static readonly TimeSpan SoundLead = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Step> _steps = Channel.CreateBounded<Step>(MaxWaiting);

    /// <summary>A shot to be analysed, or the end of a segment with the state to continue from.</summary>
    private readonly record struct Step(Shot? Shot, ShotTracker.State? Checkpoint);

    /// <summary>All shots, including those that earlier attempts had finished, and where the film ends.</summary>
    public async Task<(IReadOnlyList<AnalysedShot> Shots, TimeSpan End)> RunAsync(CancellationToken cancellationToken)
    {
        bool resumed = progress.Checkpoint.Tracker is not null;
        using DecodeBudget.Lease memory = await reader.ReserveAsync(info, side, resumed, cancellationToken);
        List<AnalysedShot> shots = await progress.LoadShotsAsync(cancellationToken);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<TimeSpan> decoding = DecodeAsync(both.Token);
        Task analysing = AnalyseAsync(shots, both.Token);
        try
        {
            await await Task.WhenAny(decoding, analysing); // the first fault is the one to report
            await Task.WhenAll(decoding, analysing);
            return (shots, await decoding);
        }
        finally
        {
            await both.CancelAsync();
            await Task.WhenAll(decoding, analysing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_steps.Reader.TryRead(out Step left))
            {
                left.Shot?.Keyframe.Dispose();
            }
        }
    }

    private async Task<TimeSpan> DecodeAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            ShotTracker.State? state = progress.Checkpoint.Tracker;
            TimeSpan last = state?.Position ?? TimeSpan.Zero;
            TimeSpan segmentEnd = last + options.Segment;
            using ShotTracker tracker = new(shotOptions, state);
            await foreach (VideoFrame frame in reader.ReadFramesAsync(file, info, state?.Position, side, cancellationToken))
            {
                last = frame.Time;
                if (tracker.Add(frame) is { } shot)
                {
                    await SendAsync(new Step(FromTheBeginning(shot), null), cancellationToken);
                }
                if (last < segmentEnd)
                {
                    continue;
                }
                await SendAsync(new Step(null, tracker.Snapshot()), cancellationToken);
                segmentEnd = last + options.Segment;
            }

            TimeSpan end = info.EndAfter(last);
            foreach (Shot shot in tracker.Finish(end))
            {
                await SendAsync(new Step(FromTheBeginning(shot), null), cancellationToken);
            }
            return end;
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            _steps.Writer.Complete(failure);
        }
    }

    private static Shot FromTheBeginning(Shot shot) =>
        shot.Index == 0 && shot.Start <= SoundLead ? shot with { Start = TimeSpan.Zero } : shot;

    private async ValueTask SendAsync(Step step, CancellationToken cancellationToken)
    {
        try
        {
            await _steps.Writer.WriteAsync(step, cancellationToken);
        }
        catch
        {
            step.Shot?.Keyframe.Dispose();
            throw;
        }
    }

    private async Task AnalyseAsync(List<AnalysedShot> shots, CancellationToken cancellationToken)
    {
        Queue<Task<AnalysedShot>> inFlight = new();
        int segmentStart = shots.Count;
        try
        {
            await foreach (Step step in _steps.Reader.ReadAllAsync(cancellationToken))
            {
                if (step.Shot is { } shot)
                {
                    inFlight.Enqueue(keyframes.AnalyseAsync(request, file, info, side, shot, cancellationToken));
                    if (inFlight.Count > MaxInFlight)
                    {
                        shots.Add(await inFlight.Dequeue());
                    }
                    continue;
                }

                while (inFlight.Count > 0)
                {
                    shots.Add(await inFlight.Dequeue());
                }
                await progress.AdvanceAsync(new VideoSegment(shots[segmentStart..]), step.Checkpoint!, cancellationToken);
                segmentStart = shots.Count;
            }

            while (inFlight.Count > 0)
            {
                shots.Add(await inFlight.Dequeue());
            }
        }
        finally
        {
            foreach (Task<AnalysedShot> left in inFlight)
            {
                await left.ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}
