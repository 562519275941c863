using Serverless.Sizing.Arrivals;
using Serverless.Statistics.Intervals;

namespace Serverless.Sizing.Fleets;

/// <summary>
/// One queue, first come first served, and replicas that come and go: event by event, exact for the times drawn. A replica that is to go
/// takes no more jobs, finishes those in hand, and is paid until then; one that still starts goes at once. The same seed gives the same.
/// </summary>
public sealed class FleetSimulation
{
    private const int Moments = 240;
    private const double PatienceSeconds = 86_400; // for jobs that wait after the trace with a scaler that wants no replica

    private readonly FleetPlan _plan;
    private readonly IScalingPolicy _policy;
    private readonly ServiceTimes _service;
    private readonly ArrivalTrace _trace;
    private readonly Random _random;
    private readonly PriorityQueue<Event, (double At, int Kind, int Number)> _events = new();
    private readonly Queue<double> _waiting = new();
    private readonly List<Replica> _replicas = [];
    private readonly List<(double At, int Wanted)> _wanted = [];
    private readonly List<double> _waits = [];
    private readonly FleetMoment[] _moments = new FleetMoment[Moments];
    private double _now,
        _paid,
        _worked;
    private int _arrived,
        _inHand,
        _number,
        _starts,
        _mostWaiting,
        _mostReplicas;

    private FleetSimulation(ArrivalTrace trace, ServiceTimes service, FleetPlan plan, IScalingPolicy policy, int seed) =>
        (_trace, _service, _plan, _policy, _random) = (trace, service, plan, policy, new Random(Apart(seed)));

    private enum Kind
    {
        Done,
        Ready,
        Arrival,
        Look,
    }

    /// <exception cref="SizingInputException">The fleet cannot be.</exception>
    public static FleetResult Run(ArrivalTrace trace, ServiceTimes service, FleetPlan plan, IScalingPolicy policy, int seed)
    {
        plan.Check();
        return new FleetSimulation(trace, service, plan, policy, seed).Run();
    }

    /// <summary>A trace that was made from the same seed has the same numbers: gaps and service times would go together.</summary>
    private static int Apart(int seed) => unchecked((seed * 486_187_739) + 1_013_904_223);

    private double Horizon => _trace.Lasts.TotalSeconds;

    private int Active => _replicas.Count(replica => !replica.IsLeaving);

    private FleetResult Run()
    {
        for (int i = 0; i < _plan.Least; i++)
        {
            _replicas.Add(new Replica(0) { IsReady = true });
        }
        if (_trace.Seconds.Count > 0)
        {
            Plan(Kind.Arrival, _trace.Seconds[0], null);
        }
        Plan(Kind.Look, 0, null);
        while (_events.TryDequeue(out Event? next, out (double At, int Kind, int Number) at) && !IsOver(at.At))
        {
            Note(at.At);
            _now = at.At;
            Take(next);
            _mostWaiting = Math.Max(_mostWaiting, _waiting.Count);
            _mostReplicas = Math.Max(_mostReplicas, _replicas.Count);
        }
        _now = Math.Max(_now, Horizon);
        Note(double.PositiveInfinity);
        return Result();
    }

    private bool IsOver(double at) =>
        at > Horizon && _arrived == _trace.Seconds.Count && _inHand == 0 && (_waiting.Count == 0 || at > Horizon + PatienceSeconds);

    private void Take(Event next)
    {
        switch (next.Kind)
        {
            case Kind.Arrival:
                _arrived++;
                _waiting.Enqueue(_now);
                if (_arrived < _trace.Seconds.Count)
                {
                    Plan(Kind.Arrival, _trace.Seconds[_arrived], null);
                }
                break;
            case Kind.Ready:
                next.Replica!.IsReady = true;
                break;
            case Kind.Done:
                _inHand--;
                next.Replica!.Busy--;
                if (next.Replica is { IsLeaving: true, Busy: 0 })
                {
                    End(next.Replica);
                }
                break;
            default:
                Look();
                Plan(Kind.Look, _now + _plan.LookEvery.TotalSeconds, null);
                break;
        }
        Begin();
    }

    /// <summary>Each job goes to the replica with the most in hand that has room, so that others become idle and can leave.</summary>
    private void Begin()
    {
        while (_waiting.Count > 0 && Room() is { } replica)
        {
            double time = _service.Draw(_random);
            _waits.Add(_now - _waiting.Dequeue());
            replica.Busy++;
            _inHand++;
            _worked += time;
            Plan(Kind.Done, _now + time, replica);
        }
    }

    private Replica? Room()
    {
        Replica? best = null;
        foreach (Replica replica in _replicas)
        {
            if (replica is { IsReady: true, IsLeaving: false } && replica.Busy < _plan.Slots && (best is null || replica.Busy > best.Busy))
            {
                best = replica;
            }
        }
        return best;
    }

    private void Look()
    {
        int wanted = Math.Clamp(
            _policy.Wanted(new FleetLook(_trace.Starts.TotalSeconds + _now, _waiting.Count + _inHand, Active)),
            _plan.Least,
            _plan.Most
        );
        _wanted.RemoveAll(look => look.At < _now - _plan.ScaleInAfter.TotalSeconds);
        _wanted.Add((_now, wanted));
        int most = _wanted.Max(look => look.Wanted);
        for (int i = Active; i < wanted; i++)
        {
            Replica replica = new(_now);
            _replicas.Add(replica);
            _starts++;
            Plan(Kind.Ready, _now + _plan.ColdStart.TotalSeconds, replica);
        }
        Replica[] leaving =
        [
            .. _replicas.Where(replica => !replica.IsLeaving).OrderBy(replica => replica.IsReady).ThenBy(replica => replica.Busy),
        ];
        foreach (Replica replica in leaving.Take(leaving.Length - most))
        {
            replica.IsLeaving = true;
            if (replica.Busy == 0)
            {
                End(replica);
            }
        }
    }

    private void End(Replica replica)
    {
        _replicas.Remove(replica);
        _paid += _now - replica.Since;
    }

    private void Plan(Kind kind, double at, Replica? replica) => _events.Enqueue(new Event(kind, replica), (at, (int)kind, _number++));

    /// <summary>What holds now holds until then.</summary>
    private void Note(double until)
    {
        double step = Math.Max(Horizon, 1e-9) / Moments;
        int last = (int)Math.Min(Moments, until / step);
        for (int i = (int)Math.Min(_now / step, Moments - 1); i < last; i++)
        {
            _moments[i] = new FleetMoment((i + 1) * step, Math.Max(_moments[i].Waiting, _waiting.Count), _replicas.Count);
        }
        if (last < Moments)
        {
            _moments[last] = _moments[last] with { Waiting = Math.Max(_moments[last].Waiting, _waiting.Count) };
        }
    }

    private FleetResult Result()
    {
        int unfinished = _waiting.Count;
        _waits.AddRange(_waiting.Select(since => _now - since));
        double paid = _paid + _replicas.Sum(replica => _now - replica.Since);
        double[] waits = [.. _waits.Order()];
        return new FleetResult(
            _policy.Name,
            waits.Length,
            unfinished,
            waits.Length == 0 ? 0 : waits.Average(),
            Quantiles.Of(waits, 0.5),
            Quantiles.Of(waits, 0.95),
            Quantiles.Of(waits, 0.99),
            waits.Length == 0 ? 0 : waits[^1],
            _mostWaiting,
            _mostReplicas,
            _starts,
            paid / 3600,
            paid == 0 ? 0 : _worked / (paid * _plan.Slots),
            paid / 3600 * _plan.PerHour,
            _moments
        );
    }

    private sealed record Event(Kind Kind, Replica? Replica);

    private sealed class Replica(double since)
    {
        public double Since { get; } = since;
        public bool IsReady { get; set; }
        public bool IsLeaving { get; set; }
        public int Busy { get; set; }
    }
}
